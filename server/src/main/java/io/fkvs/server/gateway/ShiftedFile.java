package io.fkvs.server.gateway;

import io.fkvs.store.durable.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file without its first bytes, for those who write a format behind a header of another one. */
final class ShiftedFile implements DiskFile {
  private final FileChannel channel;
  private final int shift;
  private ByteBuffer before;

  ShiftedFile(FileChannel channel, int shift) {
    this.channel = channel;
    this.shift = shift;
  }

  /** Sets what stands before, which is written with the next {@link #force}. */
  void setBefore(ByteBuffer header) {
    before = header;
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

  @Override
  public void force() throws IOException {
    if (before != null) {
      writeAt(before.duplicate(), 0);
    }
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
