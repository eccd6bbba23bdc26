/**
 * Pull secrets: the copies that an AccessPolicy keeps in namespaces, and the ServiceAccounts that
 * name them. What is to be there is decided without asking the API; only {@code *Writer} writes.
 */
@NullMarked
package dev.berth.operator.pullsecrets;

import org.jspecify.annotations.NullMarked;
