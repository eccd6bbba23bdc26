package dev.berth.registry.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.util.function.IntSupplier;

/**
 * The buffers that connections are read into. Each read costs the same, so that few connections get
 * large ones. Before anybody asks for more, a body is read up to 64 KiB ahead, and whatever the
 * last read brings beyond that waits too, so that many connections get small ones.
 */
final class ReadBuffers implements RecvByteBufAllocator {
  private static final int SMALLEST_BYTES = 1024;
  private static final int FIRST_BYTES = 16 * 1024;

  /** Of thousands that are open. */
  private static final int LEAST_BYTES = 2 * 1024;

  private static final int LARGEST_BYTES = 1024 * 1024;

  /** If each connection fills one: an eighth of what the images give, or 2 KiB for each. */
  private static final int ALL_BYTES = 8 * 1024 * 1024;

  private final RecvByteBufAllocator adaptive =
      new AdaptiveRecvByteBufAllocator(SMALLEST_BYTES, FIRST_BYTES, LARGEST_BYTES);

  private final IntSupplier connections;

  /**
   * Shared by all connections.
   *
   * @param connections how many are open
   */
  ReadBuffers(IntSupplier connections) {
    this.connections = connections;
  }

  @Override
  public ExtendedHandle newHandle() {
    return new Share((ExtendedHandle) adaptive.newHandle());
  }

  private final class Share extends DelegatingHandle implements ExtendedHandle {
    private final ExtendedHandle alone;

    private Share(ExtendedHandle alone) {
      super(alone);
      this.alone = alone;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return allocator.ioBuffer(guess());
    }

    @Override
    public int guess() {
      int share = ALL_BYTES / Math.max(1, connections.getAsInt());
      return Math.min(alone.guess(), Math.max(LEAST_BYTES, share));
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier mayHaveMore) {
      return alone.continueReading(mayHaveMore);
    }
  }
}
