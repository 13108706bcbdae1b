package io.fkvs.server.app.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class CommandLineProperties {
  @Property
  void shouldReadBackWhatIsQuoted(@ForAll @Size(max = 5) List<byte[]> words)
      throws CommandSyntaxException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (byte[] word : words) {
      line.writeBytes(ReplyFormat.quote(word));
      line.write(' ');
    }

    List<byte[]> parsed = CommandLineParser.parse(line.toByteArray());

    assertEquals(words.size(), parsed.size());
    for (int i = 0; i < words.size(); i++) {
      assertArrayEquals(words.get(i), parsed.get(i));
    }
  }

  @Property
  void shouldQuoteInPrintableAsciiAlone(@ForAll byte[] bytes) {
    for (byte b : ReplyFormat.quote(bytes)) {
      assertTrue(b >= ' ' && b <= '~');
    }
  }

  @Property
  void shouldUnescapeWhatStandsBetweenTheQuotes(@ForAll byte[] bytes)
      throws CommandSyntaxException {
    byte[] quoted = ReplyFormat.quote(bytes);

    byte[] word = CommandLineParser.unescape(Arrays.copyOfRange(quoted, 1, quoted.length - 1));

    assertArrayEquals(bytes, word);
  }

  @Property(tries = 5_000)
  void shouldParseAnyBytesOrSayWhatIsWrong(@ForAll byte[] line) {
    try {
      int length = CommandLineParser.parse(line).stream().mapToInt(word -> word.length).sum();
      assertTrue(length <= line.length);
    } catch (CommandSyntaxException e) {
      assertTrue(e.getMessage().contains("column="), e.getMessage());
    }
  }
}
