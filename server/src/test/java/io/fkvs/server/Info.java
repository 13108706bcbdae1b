package io.fkvs.server;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text that answers INFO. */
public final class Info {
  private Info() {}

  public static String of(Peer peer) throws IOException {
    return Frames.payload(peer.exchange(Frames.frame(new byte[] {Frames.INFO})));
  }

  public static int number(String info, String name) {
    return Integer.parseInt(text(info, name));
  }

  public static String text(String info, String name) {
    Matcher matcher = Pattern.compile("(?m)^" + name + ": (.*)$").matcher(info);
    if (!matcher.find()) {
      throw new AssertionError("no such line: name=" + name + ", info=" + info);
    }
    return matcher.group(1);
  }
}
