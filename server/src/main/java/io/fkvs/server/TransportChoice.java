package io.fkvs.server;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a {@link Server} asks the system for input and output. */
public enum TransportChoice {
  /** io_uring where this system has it, else NIO; the log and INFO say which and why. */
  AUTO,

  /** Java's own selectors, on every system. */
  NIO,

  /** Linux' io_uring; where the system refuses it, the server does not start. */
  IO_URING;

  /**
   * Finds a choice by its name.
   *
   * @param name {@code auto}, {@code nio} or {@code io_uring}
   * @return the choice
   * @throws IllegalArgumentException if there is no such name; the message lists them
   */
  public static TransportChoice of(String name) {
    for (TransportChoice choice : values()) {
      if (choice.toString().equals(name)) {
        return choice;
      }
    }
    List<String> names = Arrays.stream(values()).map(TransportChoice::toString).toList();
    throw new IllegalArgumentException("no such transport: name=" + name + ", available=" + names);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
