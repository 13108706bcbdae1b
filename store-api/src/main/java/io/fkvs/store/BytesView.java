package io.fkvs.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * A reusable window on bytes that lie in a store.
 *
 * <p>Create one, hand it to the store as often as you like: the store points it at its own bytes
 * and nothing is copied or allocated. The bytes belong to the store. The view is valid until the
 * next change to the store, a put, a removal, an increment, a new deadline, the removal of an
 * expired entry, a clear, the close; every method throws {@link IllegalStateException} after that,
 * and before the view was first pointed at anything. A call that is refused changes nothing: the
 * view then shows the same bytes, or throws. Copy what you want to keep.
 *
 * <p>A view belongs to the thread that has filled it; in any other thread every method, and a call
 * that would fill it, throws {@link WrongThreadException} for as long as the first thread lives.
 */
public sealed class BytesView permits ValueView {
  /*
   * The view refers to its store, and every read ends with a reachability fence: so the memory
   * cannot be given back under a read by the cleaner of a store that nobody else refers to.
   *
   * Bytes that are shown by address are read through the constant of AddressSpace. Each read spells
   * both ways out, because a variable that may hold either segment is not a constant.
   */
  private static final VarHandle THREAD = threadHandle();

  /** Seen by a view of a copy, which no change of the store makes stale. */
  private static final long ANY_CHANGES = -1;

  /** What the bytes are in, or null if they are shown by address. */
  private MemorySegment segment;

  private long offset;
  private int length;
  private AbstractStore store;
  private long seenChanges;

  /** The store whose own view this is, which fills it in any thread; or null. */
  private AbstractStore home;

  /** The thread that has filled the view, and alone fills it again while it lives. */
  private Thread thread;

  /** Creates a view that shows nothing yet. */
  public BytesView() {}

  private static VarHandle threadHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(BytesView.class, "thread", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final void show(AbstractStore store, MemorySegment segment, long offset, int length) {
    show(store, segment, offset, length, store.changes());
  }

  /** Shows bytes that were copied out of a store: they stay whatever becomes of it. */
  final void showCopied(AbstractStore store, MemorySegment copy, int length) {
    show(store, copy, 0, length, ANY_CHANGES);
  }

  private void show(
      AbstractStore store, MemorySegment segment, long offset, int length, long changes) {
    Thread caller = Thread.currentThread();
    if (thread != caller) {
      claim(store, caller);
    }
    this.store = store;
    this.seenChanges = changes;
    this.segment = segment;
    this.offset = offset;
    this.length = length;
  }

  /** Whether the caller may fill the view, as far as can be seen. */
  final boolean isFree() {
    Thread owner = (Thread) THREAD.getAcquire(this);
    return owner == null && home == null || owner == Thread.currentThread();
  }

  /** Lets one store fill the view in any thread, and no other. */
  final void ownBy(AbstractStore home) {
    this.home = home;
  }

  /** Two threads that filled one view would read each other's addresses. */
  private void claim(AbstractStore store, Thread caller) {
    if (home != null) {
      if (store != home) {
        throw new IllegalStateException("view is another store's own: it can show nothing else");
      }
      thread = caller;
      return;
    }
    Thread owner = (Thread) THREAD.getAcquire(this);
    if (owner != null && owner.isAlive() || !THREAD.compareAndSet(this, owner, caller)) {
      throw wrongThread(owner, caller);
    }
  }

  private static WrongThreadException wrongThread(Thread owner, Thread caller) {
    return new WrongThreadException(
        "view belongs to another thread: owner="
            + (owner == null ? "none" : owner.getName())
            + ", caller="
            + caller.getName());
  }

  /** Shows nothing from now on: for whoever knows that the bytes are about to be out of reach. */
  final void forget() {
    store = null;
    segment = null;
    THREAD.setRelease(this, null);
  }

  /** Shows nothing until it is filled again, by the same thread. */
  final void hide() {
    store = null;
    segment = null;
  }

  /** Shows nothing, if it shows these bytes. */
  final void hideIf(MemorySegment shown) {
    if (segment == shown) {
      hide();
    }
  }

  final void checkFresh() {
    AbstractStore store = this.store;
    if (store == null) {
      throw new IllegalStateException("view shows nothing: no store has filled it");
    }
    Thread owner = this.thread;
    if (Thread.currentThread() != owner) {
      throw wrongThread(owner, Thread.currentThread());
    }
    if (store.changes() != seenChanges && seenChanges != ANY_CHANGES) {
      throw new IllegalStateException(
          "view is stale: the store was changed or closed after the view was filled");
    }
  }

  /**
   * The length of the bytes shown.
   *
   * @return the length in bytes
   * @throws IllegalStateException if the view is stale or was never filled
   */
  public final int length() {
    checkFresh();
    return length;
  }

  /**
   * Reads one byte.
   *
   * @param index its index, from 0
   * @return the byte
   * @throws IndexOutOfBoundsException if the index is not inside the view
   * @throws IllegalStateException if the view is stale or was never filled
   */
  public final byte byteAt(int index) {
    checkFresh();
    long at = offset + Objects.checkIndex(index, length);
    byte found =
        segment == null
            ? AddressSpace.ALL.get(JAVA_BYTE, at & AddressSpace.MASK)
            : segment.get(JAVA_BYTE, at);
    Reference.reachabilityFence(this);
    return found;
  }

  /**
   * Copies all the bytes to memory of the caller's.
   *
   * @param target the memory to copy to
   * @param targetOffset where the copy is to start, in bytes
   * @return the number of bytes copied, the view's length
   * @throws IndexOutOfBoundsException if the bytes do not fit there
   * @throws IllegalStateException if the view is stale or was never filled
   */
  public final int copyTo(MemorySegment target, long targetOffset) {
    checkFresh();
    copy(0, target, targetOffset, length);
    return length;
  }

  /**
   * Copies a part of the bytes to memory of the caller's.
   *
   * @param index the first byte to copy, from 0
   * @param target the memory to copy to
   * @param targetOffset where the copy is to start, in bytes
   * @param count the number of bytes to copy
   * @throws IndexOutOfBoundsException if the part is not inside the view or does not fit there
   * @throws IllegalStateException if the view is stale or was never filled
   */
  public final void copyTo(int index, MemorySegment target, long targetOffset, int count) {
    checkFresh();
    Objects.checkFromIndexSize(index, count, length);
    copy(index, target, targetOffset, count);
  }

  private void copy(int index, MemorySegment target, long targetOffset, int count) {
    long at = offset + index;
    if (segment == null) {
      MemorySegment.copy(AddressSpace.ALL, at & AddressSpace.MASK, target, targetOffset, count);
    } else {
      MemorySegment.copy(segment, at, target, targetOffset, count);
    }
    if (AbstractStore.isMapped(target)) {
      AbstractStore.settle();
    }
    Reference.reachabilityFence(this);
  }

  /**
   * Copies the bytes into a new array.
   *
   * @return the copy
   * @throws IllegalStateException if the view is stale or was never filled
   */
  public final byte[] toByteArray() {
    checkFresh();
    byte[] copy = new byte[length];
    if (segment == null) {
      long at = offset & AddressSpace.MASK;
      MemorySegment.copy(AddressSpace.ALL, JAVA_BYTE, at, copy, 0, length);
    } else {
      MemorySegment.copy(segment, JAVA_BYTE, offset, copy, 0, length);
    }
    Reference.reachabilityFence(this);
    return copy;
  }

  /**
   * Decodes the bytes as UTF-8; malformed parts become U+FFFD.
   *
   * @return the text
   * @throws IllegalStateException if the view is stale or was never filled
   */
  public final String toUtf8() {
    return Utf8.decode(toByteArray());
  }

  /**
   * Compares the bytes with a range of other memory.
   *
   * @param other the other memory
   * @param otherOffset where its range starts, in bytes
   * @param otherLength the length of its range, in bytes
   * @return whether length and bytes are equal
   * @throws IndexOutOfBoundsException if the range is not inside the other memory
   * @throws IllegalStateException if the view is stale or was never filled
   */
  public final boolean contentEquals(MemorySegment other, long otherOffset, int otherLength) {
    checkFresh();
    Objects.checkFromIndexSize(otherOffset, otherLength, other.byteSize());
    boolean equal =
        length == otherLength
            && (segment == null
                ? isEqual(AddressSpace.ALL, offset & AddressSpace.MASK, other, otherOffset)
                : isEqual(segment, offset, other, otherOffset));
    if (AbstractStore.isMapped(other)) {
      AbstractStore.settle();
    }
    Reference.reachabilityFence(this);
    return equal;
  }

  private boolean isEqual(MemorySegment bytes, long at, MemorySegment other, long otherOffset) {
    return MemorySegment.mismatch(bytes, at, at + length, other, otherOffset, otherOffset + length)
        == -1;
  }

  /** Reads the bytes as a number, if they are one. */
  final long parseDecimal() {
    checkFresh();
    long number =
        segment == null
            ? Decimal.parse(AddressSpace.ALL, offset & AddressSpace.MASK, length)
            : Decimal.parse(segment, offset, length);
    Reference.reachabilityFence(this);
    return number;
  }

  /** Reads the bytes, which are known to be a number. */
  final long parseInteger() {
    long number =
        segment == null
            ? Decimal.parseInteger(AddressSpace.ALL, offset & AddressSpace.MASK, length)
            : Decimal.parseInteger(segment, offset, length);
    Reference.reachabilityFence(this);
    return number;
  }

  /** Tells a journal that these bytes were put as a value. */
  final void tell(
      Journal journal, MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    checkFresh();
    journal.onPut(key, keyOffset, keyLength, memory(), offset, length, deadlineMs);
    Reference.reachabilityFence(this);
  }

  /** Tells a journal that a value was put under these bytes. */
  final void tellAsKeyOf(ValueView value, Journal journal) {
    checkFresh();
    value.tell(journal, memory(), offset, length);
    Reference.reachabilityFence(this);
  }

  private MemorySegment memory() {
    return segment == null ? AddressSpace.ALL : segment;
  }
}
