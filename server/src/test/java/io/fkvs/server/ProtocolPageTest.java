package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.TestServers.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors of docs/protocol.md are what the server does. */
class ProtocolPageTest {
  private static final Path PAGE = Path.of("..", "docs", "protocol.md");

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#kinds")
  void shouldAnswerAsThePageSaysWhenAClientSendsItsVectors(Kind kind) throws IOException {
    List<List<String>> blocks = blocks();
    assertTrue(blocks.size() > 2, "blocks=" + blocks.size());
    for (List<String> block : blocks) {
      try (Server server = Server.start(kind.config());
          Peer peer = Peer.connect(server.address())) {
        byte[] request = new byte[0];
        for (String line : block) {
          byte[] bytes = Frames.hex(line.substring(1));
          if (line.startsWith(">")) {
            request = Frames.concat(request, bytes);
          } else {
            assertArrayEquals(bytes, peer.exchange(request, bytes.length), line);
            request = new byte[0];
          }
        }
      }
    }
  }

  /** The lines to send and to receive, for each fenced block that has any. */
  private static List<List<String>> blocks() throws IOException {
    List<List<String>> blocks = new ArrayList<>();
    List<String> block = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("```") && !block.isEmpty()) {
        blocks.add(block);
        block = new ArrayList<>();
      } else if (line.startsWith("> ") || line.startsWith("< ")) {
        block.add(line);
      }
    }
    return blocks;
  }
}
