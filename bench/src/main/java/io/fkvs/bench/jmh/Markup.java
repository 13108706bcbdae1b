package io.fkvs.bench.jmh;

/** HTML that grows from top to bottom. One thread. */
final class Markup {
  private final StringBuilder html = new StringBuilder();

  /** Adds pieces of HTML. */
  Markup add(String... pieces) {
    for (String piece : pieces) {
      html.append(piece);
    }
    return this;
  }

  /** Adds text, escaped. */
  Markup text(String text) {
    return add(Html.escaped(text));
  }

  @Override
  public String toString() {
    return html.toString();
  }
}
