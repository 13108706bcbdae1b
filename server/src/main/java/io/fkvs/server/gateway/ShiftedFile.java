package io.fkvs.server.gateway;

import io.fkvs.store.durable.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A file without its first bytes, for those who write a format behind a header of another one. Its
 * owner syncs and closes it.
 */
final class ShiftedFile implements DiskFile {
  private final FileChannel channel;
  private final int shift;

  ShiftedFile(FileChannel channel, int shift) {
    this.channel = channel;
    this.shift = shift;
  }

  /** Writes what stands before. */
  void writeBefore(ByteBuffer header) throws IOException {
    writeAt(header, 0);
  }

  /** Reads what stands before. */
  void readBefore(ByteBuffer header) throws IOException {
    readAt(header, 0);
  }

  @Override
  public long size() throws IOException {
    return channel.size() - shift;
  }

  @Override
  public void read(ByteBuffer target, long position) throws IOException {
    readAt(target, position + shift);
  }

  private void readAt(ByteBuffer target, long position) throws IOException {
    long at = position;
    int count;
    while (target.hasRemaining() && (count = channel.read(target, at)) >= 0) {
      at += count;
    }
  }

  @Override
  public void write(ByteBuffer source, long position) throws IOException {
    writeAt(source, position + shift);
  }

  private void writeAt(ByteBuffer source, long position) throws IOException {
    long at = position;
    while (source.hasRemaining()) {
      at += channel.write(source, at);
    }
  }

  /** Its owner does, elsewhere. */
  @Override
  public void force() {}

  @Override
  public void close() {}
}
