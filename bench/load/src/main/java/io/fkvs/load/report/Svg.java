package io.fkvs.load.report;

import java.util.Locale;

/** A drawing that grows element by element. One thread. */
public final class Svg {
  private final StringBuilder svg = new StringBuilder();

  /** Creates an empty drawing. */
  public Svg() {}

  /** Adds what {@link String#format} makes of the pieces. */
  public void add(String format, Object... pieces) {
    svg.append(String.format(Locale.ROOT, format, pieces));
  }

  /** A text as it stands in a drawing or on a page. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  @Override
  public String toString() {
    return svg.toString();
  }
}
