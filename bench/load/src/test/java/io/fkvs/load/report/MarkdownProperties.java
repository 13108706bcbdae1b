package io.fkvs.load.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** How a paragraph is broken into lines. */
class MarkdownProperties {
  private static final int COLUMNS = 100;

  /** Words, and what makes a list or a title of a line that begins with it. */
  @Provide
  Arbitrary<List<String>> texts() {
    Arbitrary<String> words = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(12);
    Arbitrary<String> marks = Arbitraries.of("-", "+", "*", "##", ">", "=", "1.", "20)");
    Arbitrary<String> parts = Arbitraries.frequencyOf(Tuple.of(8, words), Tuple.of(2, marks));
    return parts.list().ofMaxSize(120).map(list -> concat(List.of("It"), list));
  }

  private static List<String> concat(List<String> first, List<String> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }

  @Property
  void shouldBreakAtSpacesAlone(@ForAll("texts") List<String> words) {
    String text = String.join(" ", words);
    String paragraph = new Markdown().paragraph(text).toString();
    assertEquals(text, paragraph.stripTrailing().replace('\n', ' '));
    for (String line : paragraph.stripTrailing().split("\n")) {
      assertFalse(line.matches("([-+*#>=]+|\\d+[.)]) .*"), line);
    }
  }

  @Property
  void shouldFillLines(@ForAll("texts") List<String> words) {
    List<String> plain = words.stream().filter(word -> Character.isLetter(word.charAt(0))).toList();
    List<String> lines =
        new Markdown()
            .paragraph(String.join(" ", plain))
            .toString()
            .stripTrailing()
            .lines()
            .toList();
    for (int i = 0; i < lines.size(); i++) {
      assertTrue(lines.get(i).length() <= COLUMNS, lines.get(i));
      if (i > 0) {
        String next = lines.get(i).split(" ")[0];
        assertTrue(lines.get(i - 1).length() + 1 + next.length() > COLUMNS, next);
      }
    }
  }
}
