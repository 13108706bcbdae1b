package io.fkvs.store.contract;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Says how an answer differs from the one expected, in a text of bounded length. Small answers are
 * printed as they are. Of large maps, lists and sets only the differences are printed, and of these
 * the first few.
 */
final class Difference {
  /** Answers of at most so many elements are printed as they are. */
  private static final int MAX_WHOLE = 12;

  /** So many differences of each kind are printed. */
  private static final int MAX_LISTED = 5;

  /** A longer text of one element or answer is cut. */
  private static final int MAX_CHARS = 600;

  private Difference() {}

  /** Tells what was expected and what was found. */
  static String of(Object expected, Object actual) {
    if (sizeOf(expected) > MAX_WHOLE || sizeOf(actual) > MAX_WHOLE) {
      if (expected instanceof Map<?, ?> e && actual instanceof Map<?, ?> a) {
        return sizes(e.size(), a.size()) + ofMaps(e, a);
      }
      if (expected instanceof Collection<?> e && actual instanceof Collection<?> a) {
        return sizes(e.size(), a.size()) + ofMaps(byPlace(e), byPlace(a));
      }
    }
    return "expected " + cut(expected) + ", was " + cut(actual);
  }

  private static int sizeOf(Object answer) {
    return switch (answer) {
      case Map<?, ?> map -> map.size();
      case Collection<?> collection -> collection.size();
      case null, default -> 1;
    };
  }

  private static String sizes(int expected, int actual) {
    return "expected " + expected + " entries, was " + actual;
  }

  /** A list by its indexes; a set, whose elements have no place, by the elements. */
  private static Map<Object, Object> byPlace(Collection<?> collection) {
    Map<Object, Object> map = new HashMap<>();
    for (Object element : collection) {
      map.put(collection instanceof List ? "[" + map.size() + "]" : element, element);
    }
    return map;
  }

  private static String ofMaps(Map<?, ?> expected, Map<?, ?> actual) {
    List<String> missing = new ArrayList<>();
    List<String> different = new ArrayList<>();
    List<String> unexpected = new ArrayList<>();
    expected.forEach(
        (key, value) -> {
          if (!actual.containsKey(key)) {
            missing.add(entry(missing, key, value));
          } else if (!Objects.equals(value, actual.get(key))) {
            different.add(entry(different, key, "expected " + value + ", was " + actual.get(key)));
          }
        });
    actual.forEach(
        (key, value) -> {
          if (!expected.containsKey(key)) {
            unexpected.add(entry(unexpected, key, value));
          }
        });
    return list("missing", missing) + list("different", different) + list("unexpected", unexpected);
  }

  /** The text of a difference, which is needed for the first few only. */
  private static String entry(List<String> before, Object key, Object value) {
    if (before.size() >= MAX_LISTED) {
      return "";
    }
    return key == value ? cut(key) : cut(key) + ": " + cut(value);
  }

  private static String list(String kind, List<String> texts) {
    if (texts.isEmpty()) {
      return "";
    }
    int more = texts.size() - MAX_LISTED;
    return "\n  "
        + kind
        + ", "
        + texts.size()
        + ":\n    "
        + String.join("\n    ", texts.subList(0, Math.min(MAX_LISTED, texts.size())))
        + (more > 0 ? "\n    … " + more + " more" : "");
  }

  /** A text of at most {@value #MAX_CHARS} characters and a few. */
  private static String cut(Object answer) {
    String text = String.valueOf(answer);
    return text.length() <= MAX_CHARS
        ? text
        : text.substring(0, MAX_CHARS) + "… (" + text.length() + " characters)";
  }
}
