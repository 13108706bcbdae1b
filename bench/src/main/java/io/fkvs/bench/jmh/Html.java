package io.fkvs.bench.jmh;

import io.fkvs.load.report.Svg;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** HTML that grows from top to bottom. One thread. */
final class Html {
  private final StringBuilder html = new StringBuilder();

  /** Adds pieces of HTML. */
  Html add(String... pieces) {
    for (String piece : pieces) {
      html.append(piece);
    }
    return this;
  }

  /** Adds text, escaped. */
  Html text(String text) {
    return add(Svg.escaped(text));
  }

  /** Adds a table of text whose first columns are words and whose others are figures. */
  Html table(int words, List<String> head, List<List<String>> rows) {
    return markup(words, head, rows.stream().map(Html::escaped).toList());
  }

  /** Adds a table whose cells below the head are HTML. */
  Html markup(int words, List<String> head, List<List<String>> rows) {
    add("<div class=\"scroll\"><table><thead>");
    row("th", words, escaped(head)).add("</thead><tbody>\n");
    rows.forEach(row -> row("td", words, row).add("\n"));
    return add("</tbody></table></div>\n");
  }

  private Html row(String tag, int words, List<String> cells) {
    add("<tr>");
    for (int i = 0; i < cells.size(); i++) {
      add("<", tag, i < words ? ">" : " class=\"n\">", cells.get(i), "</", tag, ">");
    }
    return add("</tr>");
  }

  private static List<String> escaped(List<String> texts) {
    return texts.stream().map(Svg::escaped).toList();
  }

  /** A file that lies beside this class. */
  static String resource(String name) {
    try (InputStream in = Html.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return html.toString();
  }
}
