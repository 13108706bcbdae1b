package io.fkvs.bench.jmh;

import java.util.Locale;

/**
 * A part of the page with a heading, to which the contents lead.
 *
 * @param title what the heading says
 * @param hint what it adds in small print, or nothing
 * @param body what stands below it, as HTML
 */
record Section(String title, String hint, String body) {
  /** What a link to this section names. */
  String anchor() {
    String name = hint.isEmpty() ? title : hint;
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }

  String html() {
    String small = hint.isEmpty() ? "" : " <small>" + Html.escaped(hint) + "</small>";
    return "<section id=\""
        + anchor()
        + "\"><h2>"
        + Html.escaped(title)
        + small
        + "</h2>\n"
        + body
        + "</section>\n";
  }

  String link() {
    return "<li><a href=\"#" + anchor() + "\">" + Html.escaped(title) + "</a></li>\n";
  }
}
