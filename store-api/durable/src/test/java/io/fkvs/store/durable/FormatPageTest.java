package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.KeyValueStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The test vectors in {@code docs/durability.md} are what is written, and are read as they say. */
class FormatPageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "durability.md");

  private static String block(String title) throws IOException {
    Pattern pattern = Pattern.compile("\\n" + title + ":\\n\\n```\\n(.*?)```", Pattern.DOTALL);
    Matcher matcher = pattern.matcher(Files.readString(PAGE));
    assertTrue(matcher.find(), title);
    return matcher.group(1);
  }

  /** The bytes of a block: hexadecimal, each line ending in a remark. */
  private static byte[] bytes(String title) throws IOException {
    StringBuilder digits = new StringBuilder();
    block(title).lines().forEach(line -> digits.append(line.replaceFirst("  .*", "")));
    return HexFormat.of().parseHex(digits.toString().replace(" ", ""));
  }

  private static MemorySegment text(String text) {
    return MemorySegment.ofArray(text.getBytes());
  }

  /** Frames to an array. */
  private static final class Frame extends FrameWriter {
    final Chunk chunk = new Chunk();
    private final FrameSealer sealer = new FrameSealer(0x04030201, 1000);

    @Override
    Chunk emptyChunk() {
      return chunk;
    }

    @Override
    void onFull(Chunk full) {
      throw new AssertionError("one chunk is enough");
    }

    @Override
    long timeMs() {
      return 1_000_000;
    }

    byte[] bytes() {
      sealer.seal(chunk, 0, chunk.end, 1000);
      byte[] bytes = new byte[chunk.end];
      chunk.content(0, chunk.end).get(bytes);
      return bytes;
    }
  }

  private static final FileHeader HEADER =
      new FileHeader(FileHeader.Kind.LOG, 0x04030201, 0x00112233AABBCCDDL, 6, 1001, 999_999);

  @Test
  void shouldWriteTheHeaderOnThePage() throws IOException {
    assertEquals(
        HexFormat.of().formatHex(bytes("The header of `log-6`")),
        HexFormat.of().formatHex(HEADER.encode().array()));
  }

  private static byte[] frames() {
    Frame frame = new Frame();
    frame.put(text("k"), 0, 1, text("value"), 0, 5, KeyValueStore.NO_DEADLINE);
    frame.endGroup();
    frame.put(text("k"), 0, 1, text("7"), 0, 1, 1_000_500);
    frame.deadline(text("k"), 0, 1, KeyValueStore.NO_DEADLINE);
    frame.remove(text("k"), 0, 1);
    frame.clear();
    frame.endGroup();
    return frame.bytes();
  }

  @Test
  void shouldWriteTheFramesOnThePage() throws IOException {
    assertEquals(
        HexFormat.of().formatHex(bytes("Two frames of it")), HexFormat.of().formatHex(frames()));
  }

  @Test
  void shouldReadTheFramesOnThePage() throws IOException {
    byte[] frames = bytes("Two frames of it");
    ByteBuffer all = ByteBuffer.allocate(FileHeader.BYTES + frames.length);
    all.put(HEADER.encode()).put(frames);
    DiskFile file = new ArrayFile(all.array());
    assertEquals(HEADER, FileHeader.read(file, FileHeader.Kind.LOG, "log-6"));
    FrameReader reader = new FrameReader(file, HEADER, "log-6", all.capacity());
    List<String> told = new ArrayList<>();
    long position = FileHeader.BYTES;
    for (long sequence = 1001; position < all.capacity(); sequence++) {
      long length = reader.read(position, sequence);
      assertTrue(length > 0, "position=" + position);
      assertEquals(1000, reader.syncedSequence());
      reader.forEach(new Teller(told));
      position += length;
    }
    assertEquals(
        List.of(
            "put k=value " + KeyValueStore.NO_DEADLINE,
            "put k=7 1000500",
            "deadline k " + KeyValueStore.NO_DEADLINE,
            "remove k",
            "clear"),
        told);
    assertEquals(0, reader.read(FileHeader.BYTES, 1002));
  }

  @Test
  void shouldReadAndWriteTheManifestOnThePage() throws IOException {
    String text = block("An example");
    Manifest manifest = Manifest.decode(text);
    assertEquals(text, manifest.encode());
    assertEquals(5, manifest.base().number());
    assertEquals(List.of(4096L, Manifest.OPEN), lengths(manifest));
    assertThrows(CorruptException.class, () -> Manifest.decode(text.replace("4096", "4097")));
  }

  private static List<Long> lengths(Manifest manifest) {
    return manifest.logs().stream().map(Manifest.LogFile::length).toList();
  }

  @Test
  void shouldTellTheTimeOfTheLog() {
    ClampedClock clock = new ClampedClock(InstantSource.fixed(java.time.Instant.ofEpochMilli(5)));
    clock.replay(7);
    assertEquals(7, clock.millis());
    clock.endRecovery();
    assertEquals(7, clock.millis());
  }

  private record Teller(List<String> told) implements RecordVisitor {
    private static String text(MemorySegment bytes, long offset, int length) {
      byte[] copy = new byte[length];
      MemorySegment.copy(bytes, java.lang.foreign.ValueLayout.JAVA_BYTE, offset, copy, 0, length);
      return new String(copy);
    }

    @Override
    public void onPut(
        MemorySegment bytes,
        long keyOffset,
        int keyLength,
        long valueOffset,
        int valueLength,
        long deadlineMs) {
      String key = text(bytes, keyOffset, keyLength);
      told.add("put " + key + "=" + text(bytes, valueOffset, valueLength) + " " + deadlineMs);
    }

    @Override
    public void onRemove(MemorySegment bytes, long keyOffset, int keyLength) {
      told.add("remove " + text(bytes, keyOffset, keyLength));
    }

    @Override
    public void onDeadline(MemorySegment bytes, long keyOffset, int keyLength, long deadlineMs) {
      told.add("deadline " + text(bytes, keyOffset, keyLength) + " " + deadlineMs);
    }

    @Override
    public void onClear() {
      told.add("clear");
    }
  }

  private record ArrayFile(byte[] content) implements DiskFile {
    @Override
    public long size() {
      return content.length;
    }

    @Override
    public void read(ByteBuffer target, long position) {
      int length = (int) Math.min(target.remaining(), content.length - position);
      target.put(content, (int) position, length);
    }

    @Override
    public void write(ByteBuffer source, long position) {
      throw new AssertionError();
    }

    @Override
    public void force() {}

    @Override
    public void close() {}
  }
}
