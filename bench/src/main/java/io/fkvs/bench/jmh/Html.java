package io.fkvs.bench.jmh;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Small pieces of a page. Any thread. */
final class Html {
  private Html() {}

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** A table whose first columns are text and whose others are figures. */
  static String table(int texts, List<String> head, List<List<String>> rows) {
    var html = new StringBuilder("<div class=\"scroll\"><table><thead><tr>");
    for (int i = 0; i < head.size(); i++) {
      html.append(i < texts ? "<th>" : "<th class=\"n\">").append(escaped(head.get(i)));
      html.append("</th>");
    }
    html.append("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      html.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        html.append(i < texts ? "<td>" : "<td class=\"n\">").append(escaped(row.get(i)));
        html.append("</td>");
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div>\n").toString();
  }

  /** A file that lies beside this class. */
  static String resource(String name) {
    try (InputStream in = Html.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
