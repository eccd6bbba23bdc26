package dev.berth.registry.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/** Counts how often a connection is asked for more. */
final class Reads extends ChannelOutboundHandlerAdapter {
  int count;

  @Override
  public void read(ChannelHandlerContext ctx) {
    count++;
    ctx.read();
  }
}
