package io.fkvs.server.app;

/** What {@code show-logo true} shows. */
final class Logo {
  static final String TEXT =
      """
         __ _
        / _| | ____   _____
       | |_| |/ /\\ \\ / / __|
       |  _|   <  \\ V /\\__ \\
       |_| |_|\\_\\  \\_/ |___/   a key-value store

      """;

  private Logo() {}
}
