package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every message that {@code docs/faq.md} explains is one that the sources say. A message is the
 * backticked text at the beginning of an item; what differs in it is an ellipsis.
 */
class FaqPageTest {
  private static final Path PAGE = Path.of("..", "docs", "faq.md");
  private static final Pattern ITEM = Pattern.compile("(?m)^- ((?:`[^`]+`(?:, (?:or )?)?)+)");
  private static final Pattern MESSAGE = Pattern.compile("`([^`]+)`");
  private static final Pattern JOIN = Pattern.compile("\"\\s*\\+\\s*\"");

  /** Fewer messages would mean that the page's form has changed and is not understood. */
  private static final int LEAST_MESSAGES = 60;

  /** What programs say, with literals that are cut into lines put together. */
  private static List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    for (String folder : List.of("store-api", "store-swiss", "store-chained", "wire", "server")) {
      read(Path.of("..", folder, "src", "main"), sources);
    }
    read(Path.of("..", "bench", "src", "main"), sources);
    read(Path.of("..", "bin"), sources);
    return sources;
  }

  private static void read(Path folder, List<String> sources) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.toString();
        if (name.endsWith(".java") || name.startsWith(Path.of("..", "bin").toString())) {
          sources.add(JOIN.matcher(Files.readString(file)).replaceAll(""));
        }
      }
    }
  }

  private static List<String> messages() throws IOException {
    List<String> messages = new ArrayList<>();
    for (MatchResult item : ITEM.matcher(Files.readString(PAGE)).results().toList()) {
      MESSAGE.matcher(item.group(1)).results().map(m -> m.group(1)).forEach(messages::add);
    }
    return messages;
  }

  private static boolean isSaid(String message, List<String> sources) {
    String[] parts = message.replace("\\", "\\\\").split("…");
    return sources.stream().anyMatch(text -> Stream.of(parts).allMatch(text::contains));
  }

  @Test
  void shouldExplainMessagesThatExist() throws IOException {
    List<String> sources = sources();
    List<String> messages = messages();
    assertTrue(messages.size() >= LEAST_MESSAGES, "messages=" + messages.size());
    assertEquals(List.of(), messages.stream().filter(m -> !isSaid(m, sources)).toList());
  }
}
