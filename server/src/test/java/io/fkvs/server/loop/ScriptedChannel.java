package io.fkvs.server.loop;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.transport.Channel;
import io.fkvs.server.transport.Transport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A channel without a socket: keeps what is sent, and takes no more than the test grants. */
public final class ScriptedChannel implements Channel {
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final boolean isLocal;
  private final boolean isUnaffordable;
  private Handler handler;
  private long room = Long.MAX_VALUE;
  private boolean breaks;
  private Buffer pending;
  private int pendingOffset;
  private int pendingLength;
  private boolean isReceiving = true;
  private boolean isFinished;
  private boolean isClosed;
  private int sends;

  public ScriptedChannel() {
    this(true);
  }

  /** A channel whose peer is on this machine, or is not. */
  public ScriptedChannel(boolean isLocal) {
    this(isLocal, false);
  }

  /** A channel for which there may be no memory to connect it. */
  ScriptedChannel(boolean isLocal, boolean isUnaffordable) {
    this.isLocal = isLocal;
    this.isUnaffordable = isUnaffordable;
  }

  @Override
  public int listener() {
    if (isUnaffordable) {
      throw new OutOfMemoryError("thrown by a test");
    }
    return Transport.MAIN_LISTENER;
  }

  public void handler(Handler handler) {
    this.handler = handler;
  }

  /** Lets the handler receive bytes. */
  public void receive(byte[] bytes) {
    handler.onReceived(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  /** Takes no more than this many bytes from now on. */
  public void room(long bytes) {
    room = bytes;
  }

  /** Takes so many bytes, and breaks when it is to take more. */
  public void breakAfter(long bytes) {
    room = bytes;
    breaks = true;
  }

  /** Loses the peer. */
  public void breakOff() {
    close();
    handler.onBroken(new IOException("reset"));
  }

  /** Takes some bytes more, of what waits and of what will be sent. */
  public void grant(long bytes) {
    room += bytes;
    while (pending != null && room > 0) {
      Buffer buffer = pending;
      pending = null;
      handler.onSent(take(buffer, pendingOffset, pendingLength));
    }
  }

  @Override
  public int send(Buffer buffer, int offset, int length) {
    if (pending != null) {
      throw new AssertionError("sent while the last range was still pending");
    }
    sends++;
    int taken = take(buffer, offset, length);
    if (taken < length && breaks) {
      close();
      handler.onBroken(new IOException("broken pipe"));
    } else if (taken < length) {
      pending = buffer;
      pendingOffset = offset + taken;
      pendingLength = length - taken;
    }
    return taken;
  }

  private int take(Buffer buffer, int offset, int length) {
    int taken = (int) Math.min(room, length);
    MemorySegment range = buffer.memory().asSlice(offset, taken);
    sent.writeBytes(range.toArray(ValueLayout.JAVA_BYTE));
    room -= taken;
    return taken;
  }

  public byte[] sent() {
    return sent.toByteArray();
  }

  public int sends() {
    return sends;
  }

  public boolean isReceiving() {
    return isReceiving;
  }

  public boolean isFinished() {
    return isFinished;
  }

  public boolean isClosed() {
    return isClosed;
  }

  @Override
  public void receiving(boolean on) {
    isReceiving = on;
  }

  @Override
  public void finish() {
    isFinished = true;
  }

  @Override
  public void close() {
    isClosed = true;
    pending = null;
  }

  @Override
  public boolean isLocal() {
    return isLocal;
  }

  @Override
  public String peer() {
    return "scripted";
  }
}
