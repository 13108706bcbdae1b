package io.fkvs.wire;

import static io.fkvs.wire.Bytes.exactly;
import static io.fkvs.wire.Bytes.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.wire.CompactRequests.Model;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vectors of docs/protocol.md, section Compact, are what encoders write and decoders read. */
class CompactPageTest {
  private static final Path PAGE = Path.of("..", "docs", "protocol.md");
  private static final String SWITCH = "000002";

  @Test
  void shouldReadAndWriteTheRequestsOfThePage() throws IOException {
    CompactRequestDecoder decoder = new CompactRequestDecoder(16 << 20);
    Request request = new Request();
    int count = 0;
    for (byte[] line : lines('>')) {
      MemorySegment buffer = exactly(line);
      for (int position = 0; position < line.length; count++) {
        int length = decoder.decode(buffer, position, line.length, request);
        assertNotEquals(CompactRequestDecoder.INCOMPLETE, length);
        if (!request.isWellFormed()) { // the last thing that a connection says
          break;
        }
        assertArrayEquals(Bytes.copy(buffer, position, length), Model.of(request).bytes());
        position += length;
      }
    }
    assertTrue(count > 15, "requests=" + count);
  }

  @Test
  void shouldReadTheRepliesOfThePage() throws IOException {
    Reply reply = new Reply();
    int count = 0;
    for (byte[] line : lines('<')) {
      int position = 0;
      for (; position < line.length; count++) {
        int length = CompactReplyDecoder.decode(exactly(line), position, line.length, reply);
        assertNotEquals(CompactReplyDecoder.INCOMPLETE, length);
        assertNotEquals(Reply.Kind.MALFORMED, reply.kind());
        position += length;
      }
      assertEquals(line.length, position);
    }
    assertTrue(count > 15, "replies=" + count);
  }

  /** What is said, in one direction, on the connections that switch; without the switch. */
  private static List<byte[]> lines(char direction) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    boolean isCompact = false;
    for (String line : Files.readAllLines(PAGE)) {
      String bytes = line.substring(Math.min(1, line.length())).replace(" ", "");
      boolean isVector = line.startsWith("> ") || line.startsWith("< ");
      if (line.startsWith("```")) {
        isCompact = false;
      } else if (isVector && bytes.startsWith(SWITCH)) {
        isCompact = true;
        bytes = bytes.substring(SWITCH.length());
      }
      if (isVector && isCompact && line.charAt(0) == direction) {
        lines.add(hex(bytes));
      }
    }
    return lines;
  }
}
