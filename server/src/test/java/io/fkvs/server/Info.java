package io.fkvs.server;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text that answers INFO. */
final class Info {
  private Info() {}

  static String of(Peer peer) throws IOException {
    return Frames.payload(peer.exchange(Frames.frame(new byte[] {Frames.INFO})));
  }

  static int number(String info, String name) {
    return Integer.parseInt(text(info, name));
  }

  static String text(String info, String name) {
    Matcher matcher = Pattern.compile("(?m)^" + name + ": (.*)$").matcher(info);
    if (!matcher.find()) {
      throw new AssertionError("no such line: name=" + name + ", info=" + info);
    }
    return matcher.group(1);
  }
}
