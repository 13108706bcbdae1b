package io.fkvs.cluster.ratis;

import io.fkvs.cluster.consensus.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/** A replica that keeps the texts of its entries, with the time of each. */
final class Entries implements Replica {
  private List<String> applied = new ArrayList<>();
  private final Set<Long> confirmed = new HashSet<>();
  private long last = -1;
  private int leader = -1;
  private int restored;
  private int lost;
  private Throwable failure;
  private boolean held;
  private boolean fails;

  @Override
  public synchronized void apply(long index, long timeMs, MemorySegment entry) {
    await(entries -> !entries.held);
    if (fails) {
      throw new IllegalStateException("the replica fails");
    }
    last = index;
    String text = new String(entry.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    applied.add(text + "@" + timeMs);
    notifyAll();
  }

  @Override
  public synchronized void confirmed(long ticket) {
    confirmed.add(ticket);
    notifyAll();
  }

  @Override
  public synchronized void proposalLost() {
    lost++;
    notifyAll();
  }

  @Override
  public synchronized void leaderChanged(int member) {
    leader = member;
    notifyAll();
  }

  @Override
  public synchronized CompletionStage<Long> save(Path file) {
    List<String> copy = List.copyOf(applied);
    long index = last;
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            Files.write(file, copy);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          return index;
        });
  }

  @Override
  public synchronized void restore(Path file) {
    try {
      applied = new ArrayList<>(Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    restored++;
    notifyAll();
  }

  /** Waits until something holds. */
  synchronized void await(Predicate<Entries> condition) {
    try {
      while (!condition.test(this)) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets no entry through until it is released. */
  synchronized void hold(boolean hold) {
    held = hold;
    notifyAll();
  }

  synchronized void failFromNowOn() {
    fails = true;
  }

  synchronized List<String> applied() {
    return List.copyOf(applied);
  }

  synchronized boolean has(String text) {
    return applied.stream().anyMatch(entry -> entry.startsWith(text + "@"));
  }

  synchronized int count() {
    return applied.size();
  }

  synchronized boolean isConfirmed(long ticket) {
    return confirmed.contains(ticket);
  }

  synchronized int leader() {
    return leader;
  }

  synchronized int restored() {
    return restored;
  }

  /** How many proposals of this member got lost. */
  synchronized int lost() {
    return lost;
  }

  /** Why this member cannot go on, or null. */
  synchronized Throwable failure() {
    return failure;
  }

  @Override
  public synchronized void failed(Throwable cause) {
    failure = cause;
    notifyAll();
  }
}
