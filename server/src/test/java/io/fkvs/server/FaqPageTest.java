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
 * backticked text at the beginning of an item; what differs in it is an ellipsis. Behind it, in
 * parentheses, stands the exception whose message it is.
 */
class FaqPageTest {
  private static final Path PAGE = Path.of("..", "docs", "faq.md");
  private static final Pattern ITEM =
      Pattern.compile("(?m)^- ((?:`[^`]+`(?:, (?:or )?)?)+)(?:\\s+\\(`(\\w+Exception)`\\))?");
  private static final Pattern MESSAGE = Pattern.compile("`([^`]+)`");
  private static final Pattern JOIN = Pattern.compile("\"\\s*\\+\\s*\"");

  /** How far before a message in the sources its exception may be named. */
  private static final int STATEMENT_LENGTH = 200;

  /** A message of the page, and the exception that it is of, or {@code null}. */
  private record Message(String text, String exception) {
    boolean isIn(String source) {
      String[] parts = text.replace("\\", "\\\\").split("…");
      return Stream.of(parts).allMatch(source::contains)
          && (exception == null || isThrown(source, parts[0]));
    }

    private boolean isThrown(String source, String start) {
      int at = source.indexOf(start);
      return source
          .substring(Math.max(0, at - STATEMENT_LENGTH), at)
          .contains("new " + exception + "(");
    }
  }

  /** Fewer messages would mean that the page's form has changed and is not understood. */
  private static final int LEAST_MESSAGES = 60;

  /** What programs say, with literals that are cut into lines put together. */
  private static List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    for (String folder :
        List.of(
            "store-api",
            "store-api/durable",
            "store-api/jcache",
            "store-swiss",
            "store-chained",
            "wire",
            "wire/client",
            "server/uring",
            "server",
            "server/app",
            "server/cluster")) {
      read(Path.of("..", folder, "src", "main"), sources);
    }
    read(Path.of("..", "bench", "src", "main"), sources);
    read(Path.of("..", "bench", "load", "src", "main"), sources);
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

  private static List<Message> messages() throws IOException {
    List<Message> messages = new ArrayList<>();
    for (MatchResult item : ITEM.matcher(Files.readString(PAGE)).results().toList()) {
      for (MatchResult text : MESSAGE.matcher(item.group(1)).results().toList()) {
        messages.add(new Message(text.group(1), item.group(2)));
      }
    }
    return messages;
  }

  @Test
  void shouldExplainMessagesThatExist() throws IOException {
    List<String> sources = sources();
    List<Message> messages = messages();
    assertTrue(messages.size() >= LEAST_MESSAGES, "messages=" + messages.size());
    assertEquals(
        List.of(),
        messages.stream().filter(message -> sources.stream().noneMatch(message::isIn)).toList());
  }
}
