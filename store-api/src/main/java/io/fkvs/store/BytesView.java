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
   * Bytes of a store that has an address space are read through that. It is a constant, so the
   * compiler has nothing to look up and little to check. Each read spells both ways out, because a
   * variable that may hold either segment is not a constant.
   */
  private static final VarHandle THREAD = threadHandle();

  /** Tells the compiler that an address is not negative. */
  private static final long ADDRESS_MASK = Long.MAX_VALUE >>> 1;

  /** What the bytes are in, or null if they are in the address space of the store. */
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
    Thread caller = Thread.currentThread();
    if (thread != caller) {
      claim(store, caller);
    }
    this.store = store;
    this.seenChanges = store.changes();
    this.segment = segment;
    this.offset = offset;
    this.length = length;
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

  /** Answers the store that the view shows something of, if it still does. */
  final AbstractStore checkFresh() {
    AbstractStore store = this.store;
    if (store == null) {
      throw new IllegalStateException("view shows nothing: no store has filled it");
    }
    Thread owner = this.thread;
    if (Thread.currentThread() != owner) {
      throw wrongThread(owner, Thread.currentThread());
    }
    if (store.changes() != seenChanges) {
      throw new IllegalStateException(
          "view is stale: the store was changed or closed after the view was filled");
    }
    return store;
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
    MemorySegment all = checkFresh().addressSpace();
    long at = offset + Objects.checkIndex(index, length);
    byte found = all == null ? segment.get(JAVA_BYTE, at) : all.get(JAVA_BYTE, at & ADDRESS_MASK);
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
    copy(checkFresh(), 0, target, targetOffset, length);
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
    AbstractStore store = checkFresh();
    copy(store, Objects.checkFromIndexSize(index, count, length), target, targetOffset, count);
  }

  private void copy(
      AbstractStore store, int index, MemorySegment target, long targetOffset, int count) {
    MemorySegment all = store.addressSpace();
    long at = offset + index;
    if (all == null) {
      MemorySegment.copy(segment, at, target, targetOffset, count);
    } else {
      MemorySegment.copy(all, at & ADDRESS_MASK, target, targetOffset, count);
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
    MemorySegment all = checkFresh().addressSpace();
    byte[] copy = new byte[length];
    if (all == null) {
      MemorySegment.copy(segment, JAVA_BYTE, offset, copy, 0, length);
    } else {
      MemorySegment.copy(all, JAVA_BYTE, offset & ADDRESS_MASK, copy, 0, length);
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
    MemorySegment all = checkFresh().addressSpace();
    Objects.checkFromIndexSize(otherOffset, otherLength, other.byteSize());
    boolean equal =
        length == otherLength
            && (all == null
                ? isEqual(segment, offset, other, otherOffset)
                : isEqual(all, offset & ADDRESS_MASK, other, otherOffset));
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

  final long parseDecimal() {
    MemorySegment all = checkFresh().addressSpace();
    long number =
        all == null
            ? Decimal.parse(segment, offset, length)
            : Decimal.parse(all, offset & ADDRESS_MASK, length);
    Reference.reachabilityFence(this);
    return number;
  }
}
