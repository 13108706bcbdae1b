package io.fkvs.bench.jmh;

import java.util.Locale;

/**
 * A part of the page with a heading, to which the contents lead.
 *
 * @param title what the heading says
 * @param hint what it adds in small print, or nothing
 * @param body what stands below it
 */
record Section(String title, String hint, Html body) {
  Section(String title, Html body) {
    this(title, "", body);
  }

  private String anchor() {
    return (hint.isEmpty() ? title : hint).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }

  void addTo(Html html) {
    html.add("<section id=\"", anchor(), "\"><h2>").text(title);
    if (!hint.isEmpty()) {
      html.add(" <small>").text(hint).add("</small>");
    }
    html.add("</h2>\n", body.toString(), "</section>\n");
  }

  void addLinkTo(Html html) {
    html.add("<li><a href=\"#", anchor(), "\">").text(title).add("</a></li>\n");
  }
}
