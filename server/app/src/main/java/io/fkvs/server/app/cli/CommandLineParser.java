package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a line into words of bytes, so that any byte string can be typed.
 *
 * <ul>
 *   <li>Blanks separate words.
 *   <li>Between double quotes, and outside quotes, a backslash begins an escape: {@code \n}, {@code
 *       \r}, {@code \t}, {@code \xNN} for a byte in two hexadecimal digits, {@code \}{@code uNNNN}
 *       for a character in four, or two of these for one beyond 65,535, which becomes UTF-8; before
 *       any other byte it stands for that byte alone.
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
      parser.character(unescaped);
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
        character(word);
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
      if (quote == '"') {
        character(word);
      } else {
        word.write(literal());
      }
    }
    throw new CommandSyntaxException("quote is not closed: column=" + (start + 1));
  }

  private int literal() {
    if (line[position] == '\\' && position + 1 < line.length && line[position + 1] == '\'') {
      position++;
    }
    return line[position++];
  }

  private void character(ByteArrayOutputStream word) throws CommandSyntaxException {
    int start = position;
    byte first = line[position++];
    if (first != '\\') {
      word.write(first);
      return;
    }
    if (position == line.length) {
      throw new CommandSyntaxException("nothing follows a backslash: column=" + (start + 1));
    }
    byte escaped = line[position++];
    switch (escaped) {
      case 'n' -> word.write('\n');
      case 'r' -> word.write('\r');
      case 't' -> word.write('\t');
      case 'x' -> word.write(hex(2, "\\x is not followed by two hexadecimal digits", start));
      case 'u' -> word.writeBytes(unicode(start).getBytes(UTF_8));
      default -> word.write(escaped);
    }
  }

  private String unicode(int start) throws CommandSyntaxException {
    char first = utf16(start);
    if (!Character.isSurrogate(first)) {
      return String.valueOf(first);
    }
    if (position + 1 < line.length && line[position] == '\\' && line[position + 1] == 'u') {
      int next = position;
      position += 2;
      char second = utf16(next);
      if (Character.isSurrogatePair(first, second)) {
        return new String(new char[] {first, second});
      }
    }
    throw new CommandSyntaxException(
        "\\u is half of a character that takes two: column=" + (start + 1));
  }

  private char utf16(int start) throws CommandSyntaxException {
    return (char) hex(4, "\\u is not followed by four hexadecimal digits", start);
  }

  private int hex(int count, String complaint, int start) throws CommandSyntaxException {
    int value = 0;
    for (int i = 0; i < count; i++) {
      int digit = digit(position + i);
      if (digit < 0) {
        throw new CommandSyntaxException(complaint + ": column=" + (start + 1));
      }
      value = value << 4 | digit;
    }
    position += count;
    return value;
  }

  private int digit(int index) {
    return index < line.length ? Character.digit(line[index], 16) : -1;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }
}
