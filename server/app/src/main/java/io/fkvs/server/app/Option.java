package io.fkvs.server.app;

import io.fkvs.server.app.ServerProgram.OwnOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * One thing that can be set: by a flag, by a key of the configuration file, or by both.
 *
 * @param flags the names of its flag; none where a key alone sets it
 * @param keys the names of its key; none where a flag alone sets it
 * @param label what stands for the value of the flag in the help; empty for a flag without one
 * @param defaultText the value where nobody sets it
 * @param description a sentence for the help
 * @param setter sets it to the value that is written in a text
 */
record Option(
    List<String> flags,
    List<String> keys,
    String label,
    String defaultText,
    String description,
    BiConsumer<Settings, String> setter) {

  /** An option with a flag and a key of one name. */
  static <V> Option of(
      String name, Argument<V> argument, BiConsumer<Settings, V> setter, String description) {
    return new Option(
        List.of("--" + name),
        List.of(name),
        argument.label(),
        "",
        description,
        (settings, text) -> setter.accept(settings, argument.parse(name, text)));
  }

  /** What a program has beside the options of a server. */
  static Option of(OwnOption own) {
    return new Option(
        List.of("--" + own.name()),
        List.of(own.name()),
        own.label(),
        own.defaultText(),
        own.description(),
        (settings, text) -> own.setter().accept(text));
  }

  /** The same for a program that cannot have it: who sets it is told why, and no help names it. */
  Option refused(String reason) {
    return new Option(
        flags,
        keys,
        label,
        "",
        "",
        (settings, text) -> {
          throw new IllegalArgumentException(reason + ": " + name() + "=" + text);
        });
  }

  /** The same with a default, as it would be written. */
  Option withDefault(String text) {
    return new Option(flags, keys, label, text, description, setter);
  }

  /** The same with one more name of its flag. */
  Option withFlag(String flag) {
    return new Option(plus(flag, flags), keys, label, defaultText, description, setter);
  }

  /** The same with one more name of its key. */
  Option withKey(String key) {
    return new Option(flags, plus(key, keys), label, defaultText, description, setter);
  }

  Option byFlagAlone() {
    return new Option(flags, List.of(), label, defaultText, description, setter);
  }

  Option byKeyAlone() {
    return new Option(List.of(), keys, label, defaultText, description, setter);
  }

  private static List<String> plus(String first, List<String> others) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(others);
    return List.copyOf(all);
  }

  boolean hasFlag() {
    return !flags.isEmpty();
  }

  /** The long name of its flag. */
  String flag() {
    return flags.getLast();
  }

  /** Its name: that of its flag, where it has one. */
  String name() {
    return hasFlag() ? flag().substring("--".length()) : keys.getFirst();
  }

  /** Whether the help is silent about its flag. */
  boolean isHidden() {
    return description.isEmpty();
  }

  /** Whether its flag needs a value behind it. */
  boolean takesValue() {
    return !label.isEmpty();
  }

  /** What the help says of it. */
  String help() {
    return takesValue() && !defaultText.isEmpty()
        ? description + " Default: " + defaultText + "."
        : description;
  }

  /**
   * Sets it.
   *
   * @throws IllegalArgumentException if the text does not suit it; the message names the option and
   *     what was given
   */
  void apply(Settings settings, String text) {
    try {
      setter.accept(settings, text);
    } catch (IllegalArgumentException e) {
      String message = e.getMessage();
      throw message.contains("=" + text)
          ? e
          : new IllegalArgumentException(message + ", given=" + text, e);
    }
  }
}
