package dev.berth.embedded.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** How one field merges: what server-side apply needs to know of a schema. */
public interface FieldSchema {
  /** How the items of a list are told apart. */
  enum ListKind {
    /** The list is one value. */
    ATOMIC,
    /** Each item is its own key. */
    SET,
    /** Items are objects with key fields. */
    MAP
  }

  /** The field's child. */
  FieldSchema field(String name);

  /** What a list holds. */
  FieldSchema items();

  /** Whether an object is owned as a whole. */
  boolean atomicObject();

  /** Whether the schema names this child, rather than allow it as the entry of a map. */
  boolean declares(String name);

  /** How a list merges. */
  ListKind listKind();

  /** Key fields of a {@link ListKind#MAP}. */
  List<String> listKeys();

  /** The key of a list item: only its key fields, defaults filled in. */
  ObjectNode keyOf(ObjectNode item);
}
