package io.fkvs.server.loop;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.command.FirstBytes;
import io.fkvs.server.command.RequestCounters;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.protocol.Endpoint;
import io.fkvs.server.protocol.Figures;
import io.fkvs.server.protocol.Host;
import io.fkvs.server.protocol.SlowRequests;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** What an event loop gives to a protocol with a listener of its own. */
final class LoopHost implements Host {
  private final LoopContext loop;
  private final LoopContext.Guest guest;
  private final int maxValueBytes;

  LoopHost(LoopContext loop, LoopContext.Guest guest, int maxValueBytes) {
    this.loop = loop;
    this.guest = guest;
    this.maxValueBytes = maxValueBytes;
  }

  @Override
  public Store store() {
    return loop.store();
  }

  @Override
  public BufferPool pool() {
    return loop.pool();
  }

  /** Small replies need no claim: a client is not read from where there is no memory for those. */
  @Override
  public boolean claim(Output output, int bytes) {
    return bytes < Limits.SMALLEST_BUFFER_BYTES / 2 || output.claim(bytes, loop.shortage());
  }

  @Override
  public void countError() {
    loop.requestCounters().errors++;
  }

  @Override
  public void countHit() {
    loop.requestCounters().hits++;
  }

  @Override
  public void countMiss() {
    loop.requestCounters().misses++;
  }

  @Override
  public void reportBrowser(String peer) {
    loop.clientLog().foreign(peer, FirstBytes.HTTP);
  }

  @Override
  public long nanoTime() {
    return loop.clock().nanoTime();
  }

  @Override
  public SlowRequests slowRequests() {
    return guest.slowRequests();
  }

  @Override
  public void resetCounters() {
    RequestCounters requests = loop.requestCounters();
    requests.requests = 0;
    requests.errors = 0;
    requests.hits = 0;
    requests.misses = 0;
    loop.counters().connections = 0;
    loop.counters().refusedConnections = 0;
    loop.counters().receivedBytes = 0;
    loop.counters().sentBytes = 0;
    loop.counters().sweptKeys = 0;
  }

  @Override
  public Figures figures() {
    return guest.figures().get();
  }

  @Override
  public int maxValueBytes() {
    return maxValueBytes;
  }

  @Override
  public List<Endpoint> endpoints() {
    return guest.endpoints();
  }

  @Override
  public void beginAlone() {
    loop.sharing().beginAlone();
  }

  @Override
  public void endAlone() {
    loop.sharing().endAlone();
  }

  @Override
  public boolean read(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    return loop.sharing().read(loop.store(), key, keyOffset, keyLength, view);
  }

  @Override
  public void hold(KeyBatch keys) {
    loop.sharing().hold(keys);
  }

  @Override
  public void holdAll() {
    loop.sharing().holdAll();
  }

  @Override
  public boolean isReplicated() {
    return loop.agreement().isNeeded();
  }

  @Override
  public void stop() {
    guest.stop().run();
  }
}
