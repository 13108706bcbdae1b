package io.fkvs.cluster.ratis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * How far a member's log goes.
 *
 * @param index the last entry that is on its disk
 * @param voters {@link Voters#text}, as this member knows them
 */
record Floor(long index, String voters) {
  static Floor of(RaftServer.Division division) {
    String voters = Voters.of(division.getRaftConf()).text();
    return new Floor(division.getRaftLog().getFlushIndex(), voters);
  }

  static Floor from(ByteString bytes) {
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new Floor(buffer.getLong(), StandardCharsets.UTF_8.decode(buffer).toString());
  }

  ByteString bytes() {
    byte[] text = voters.getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES + text.length).putLong(index).put(text);
    return ByteString.copyFrom(buffer.flip());
  }
}
