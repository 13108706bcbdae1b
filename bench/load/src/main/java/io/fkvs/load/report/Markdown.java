package io.fkvs.load.report;

import java.util.List;

/** A Markdown text that grows from top to bottom. One thread. */
public final class Markdown {
  private static final int COLUMNS = 100;

  /** Where a line may end: the next one must not begin with what would make a list or a title. */
  private static final String BREAK = " (?!(?:[-+*#>=]+|\\d+[.)]) )";

  private final StringBuilder text = new StringBuilder();

  /** Creates an empty text. */
  public Markdown() {}

  public Markdown heading(int level, String title) {
    return block("#".repeat(level) + " " + title);
  }

  public Markdown paragraph(String... sentences) {
    return block(wrapped(String.join(" ", sentences)));
  }

  /** Breaks a text at its spaces so that no line is too long, as far as it can be. */
  private static String wrapped(String words) {
    var lines = new StringBuilder();
    int column = 0;
    for (String word : words.split(BREAK)) {
      boolean fits = column + 1 + word.length() <= COLUMNS;
      if (column > 0) {
        lines.append(fits ? ' ' : '\n');
      }
      column = column > 0 && fits ? column + 1 + word.length() : word.length();
      lines.append(word);
    }
    return lines.toString();
  }

  public Markdown image(String description, String file) {
    return block("![" + description + "](" + file + ")");
  }

  public Markdown code(String line) {
    return block("```\n" + line + "\n```");
  }

  /** A table whose first column is text and whose others are figures. */
  public Markdown table(List<String> head, List<List<String>> rows) {
    return table(1, head, rows);
  }

  /** A table of text alone. */
  public Markdown prose(List<String> head, List<List<String>> rows) {
    return table(head.size(), head, rows);
  }

  private Markdown table(int texts, List<String> head, List<List<String>> rows) {
    var table = new StringBuilder(row(head));
    table.append("|").append("---|".repeat(texts));
    table.append("---:|".repeat(head.size() - texts)).append('\n');
    rows.forEach(row -> table.append(row(row)));
    return block(table.toString().stripTrailing());
  }

  private static String row(List<String> cells) {
    return "| "
        + String.join(" | ", cells.stream().map(c -> c.replace("|", "\\|")).toList())
        + " |\n";
  }

  private Markdown block(String block) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    text.append(block).append('\n');
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
