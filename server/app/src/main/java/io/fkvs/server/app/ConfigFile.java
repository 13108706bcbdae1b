package io.fkvs.server.app;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a {@code server.conf}: a line {@code key value} each; empty lines and lines that begin with
 * {@code #} say nothing.
 */
final class ConfigFile {
  private final Path path;
  private final List<Option> options;
  private final Settings settings;
  private final Map<String, Integer> lineOfKey = new HashMap<>();

  private ConfigFile(Path path, List<Option> options, Settings settings) {
    this.path = path;
    this.options = options;
    this.settings = settings;
  }

  /**
   * Reads a file.
   *
   * @param options what it may set
   * @throws ConfigException if it cannot be read or holds what is not understood; the message names
   *     file, line and key
   */
  static void read(Path path, List<Option> options, Settings settings) throws ConfigException {
    List<String> lines;
    try {
      lines = Files.readAllLines(path);
    } catch (NoSuchFileException e) {
      throw new ConfigException("no such configuration file: file=" + path, e);
    } catch (AccessDeniedException e) {
      throw new ConfigException("configuration file may not be read: file=" + path, e);
    } catch (MalformedInputException e) {
      throw new ConfigException("configuration file is not UTF-8 text: file=" + path, e);
    } catch (IOException e) {
      throw new ConfigException(
          "configuration file cannot be read: file=" + path + ", cause=" + e.getMessage(), e);
    }
    ConfigFile file = new ConfigFile(path, options, settings);
    for (int i = 0; i < lines.size(); i++) {
      file.line(i + 1, lines.get(i).strip());
    }
  }

  private void line(int number, String line) throws ConfigException {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    String[] words = line.split("\\s+", 2);
    String key = words[0];
    if (words.length < 2) {
      throw error(number, "key has no value: key=" + key);
    }
    Integer earlier = lineOfKey.putIfAbsent(key, number);
    if (earlier != null) {
      throw error(number, "key is given twice: key=" + key + ", firstLine=" + earlier);
    }
    try {
      Options.byKey(options, key).apply(settings, words[1]);
    } catch (IllegalArgumentException e) {
      throw error(number, e.getMessage());
    }
  }

  private ConfigException error(int number, String message) {
    return new ConfigException(message + ", file=" + path + ", line=" + number);
  }
}
