/** What the reports share: figures, tables, plots and the facts about the machine. */
package io.fkvs.load.report;
