package io.fkvs.server.cli;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words of bytes, so that any byte string can be typed.
 *
 * <ul>
 *   <li>Blanks separate words.
 *   <li>Between double quotes, and outside quotes, a backslash begins an escape: {@code \n}, {@code
 *       \r}, {@code \t}, {@code \xNN} with two hexadecimal digits; before any other byte it stands
 *       for that byte alone.
 *   <li>Between single quotes every byte stands for itself; only {@code \'} is a quote.
 *   <li>A quoted part may be empty, and continues the word that it touches.
 * </ul>
 *
 * <p>{@link ReplyFormat#quote} writes what this reads. One object reads one line.
 */
final class CommandLineParser {
  private final byte[] line;
  private int position;

  private CommandLineParser(byte[] line) {
    this.line = line;
  }

  /**
   * Splits a line.
   *
   * @throws CommandSyntaxException if a quote or an escape is not complete
   */
  static List<byte[]> parse(byte[] line) throws CommandSyntaxException {
    return new CommandLineParser(line).words();
  }

  /**
   * Reads the escapes of a word that something else has already split off, blanks included.
   *
   * @throws CommandSyntaxException if an escape is not complete
   */
  static byte[] unescape(byte[] word) throws CommandSyntaxException {
    CommandLineParser parser = new CommandLineParser(word);
    ByteArrayOutputStream unescaped = new ByteArrayOutputStream();
    while (parser.position < word.length) {
      unescaped.write(parser.character());
    }
    return unescaped.toByteArray();
  }

  private List<byte[]> words() throws CommandSyntaxException {
    List<byte[]> words = new ArrayList<>();
    while (skipBlanks()) {
      words.add(word());
    }
    return words;
  }

  private boolean skipBlanks() {
    while (position < line.length && isBlank(line[position])) {
      position++;
    }
    return position < line.length;
  }

  private byte[] word() throws CommandSyntaxException {
    ByteArrayOutputStream word = new ByteArrayOutputStream();
    while (position < line.length && !isBlank(line[position])) {
      byte first = line[position];
      if (first == '"' || first == '\'') {
        quoted(first, word);
      } else {
        word.write(character());
      }
    }
    return word.toByteArray();
  }

  private void quoted(byte quote, ByteArrayOutputStream word) throws CommandSyntaxException {
    int start = position++;
    while (position < line.length) {
      if (line[position] == quote) {
        position++;
        return;
      }
      word.write(quote == '"' ? character() : literal());
    }
    throw new CommandSyntaxException("quote is not closed: column=" + (start + 1));
  }

  private int literal() {
    if (line[position] == '\\' && position + 1 < line.length && line[position + 1] == '\'') {
      position++;
    }
    return line[position++];
  }

  private int character() throws CommandSyntaxException {
    int start = position;
    byte first = line[position++];
    if (first != '\\') {
      return first;
    }
    if (position == line.length) {
      throw new CommandSyntaxException("nothing follows a backslash: column=" + (start + 1));
    }
    byte escaped = line[position++];
    return switch (escaped) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'x' -> hex(start);
      default -> escaped;
    };
  }

  private int hex(int start) throws CommandSyntaxException {
    int high = digit(position);
    int low = digit(position + 1);
    if (high < 0 || low < 0) {
      throw new CommandSyntaxException(
          "\\x is not followed by two hexadecimal digits: column=" + (start + 1));
    }
    position += 2;
    return high << 4 | low;
  }

  private int digit(int index) {
    return index < line.length ? Character.digit(line[index], 16) : -1;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }
}
