/** Compares desired with current, and holds what is too much at once. Pure: values in, values out; the only wishes are folds over facts. */
package io.identitybridge.plan;
