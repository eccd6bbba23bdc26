package dev.berth.registry.fsck;

import dev.berth.registry.metadata.Inspection;
import dev.berth.registry.metadata.Inspection.Content;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** All content that rows name, a page at a time. */
final class ContentRows implements Iterator<Content> {
  private static final int PAGE = 1000;

  private final Inspection rows;
  private final Deque<Content> page = new ArrayDeque<>();
  private boolean isLastPage;

  ContentRows(Inspection rows) {
    this.rows = rows;
    fill(rows.contents(null, PAGE));
  }

  private void fill(List<Content> read) {
    page.addAll(read);
    isLastPage = read.size() < PAGE;
  }

  @Override
  public boolean hasNext() {
    return !page.isEmpty();
  }

  @Override
  public Content next() {
    if (page.isEmpty()) {
      throw new NoSuchElementException();
    }
    Content content = page.remove();
    if (page.isEmpty() && !isLastPage) {
      fill(rows.contents(content.digest(), PAGE));
    }
    return content;
  }
}
