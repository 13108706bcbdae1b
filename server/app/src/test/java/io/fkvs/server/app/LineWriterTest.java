package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Lines to a stream that blocks. */
class LineWriterTest {
  private static final long PATIENCE_MS = TimeUnit.SECONDS.toMillis(20);

  /** Blocks in its first write until it is opened. */
  private static final class Pipe extends OutputStream {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final CountDownLatch isReached = new CountDownLatch(1);
    private final CountDownLatch isOpen = new CountDownLatch(1);

    @Override
    public void write(int octet) {
      throw new AssertionError("a line in pieces");
    }

    @Override
    public void write(byte[] bytes) {
      isReached.countDown();
      try {
        isOpen.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      written.writeBytes(bytes);
    }

    String text() {
      return written.toString(StandardCharsets.UTF_8);
    }
  }

  private final Pipe pipe = new Pipe();
  private final LineWriter writer = new LineWriter(pipe, 2);

  @Test
  void shouldWriteLinesInOrder() {
    pipe.isOpen.countDown();
    writer.write("a\n");
    writer.write("b\n");
    writer.start();

    assertTrue(writer.flush(PATIENCE_MS));
    assertEquals("a\nb\n", pipe.text());
  }

  @Test
  void shouldLoseLinesAndTellHowManyWhenNobodyReads() throws InterruptedException {
    writer.start();
    writer.write("a\n");
    pipe.isReached.await();
    for (String line : new String[] {"b\n", "c\n", "d\n", "e\n", "f\n"}) {
      writer.write(line);
    }
    assertFalse(writer.flush(0));
    pipe.isOpen.countDown();

    assertTrue(writer.flush(PATIENCE_MS));
    writer.write("g\n");
    assertTrue(writer.flush(PATIENCE_MS));
    assertEquals("a\nb\nc\nlog lines lost, nobody read them: lines=3\ng\n", pipe.text());
  }

  @Test
  void shouldNotWaitForAStreamThatIsBroken() {
    LineWriter broken =
        new LineWriter(
            new OutputStream() {
              @Override
              public void write(int octet) throws IOException {
                throw new IOException("broken pipe");
              }
            },
            2);
    broken.write("a\n");
    broken.write("b\n");
    broken.start();

    assertTrue(broken.flush(PATIENCE_MS));
  }
}
