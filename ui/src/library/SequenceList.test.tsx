import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { useSelection } from "../stores/selection.ts";
import { show } from "../testing/page.tsx";
import { aRow } from "../testing/samples.ts";
import { SequenceList } from "./SequenceList.tsx";
import { useLibrary } from "./store.ts";

const many = Array.from({ length: 10_000 }, (_, at) => aRow(`e${at}_to_f${at}__center`));

beforeEach(() => {
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(520);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(260);
  HTMLElement.prototype.scrollTo = () => undefined;
  useSelection.getState().closeSequence();
  useLibrary.setState({ active: null });
});

describe("the list of sequences", () => {
  it("holds only the rows in sight, and tells how many there are", async () => {
    show(<SequenceList rows={many} />, {});
    const rows = await screen.findAllByRole("option");

    expect(rows.length).toBeLessThan(40);
    expect(rows[0]?.getAttribute("aria-setsize")).toBe("10000");
  });

  it("moves with the arrow keys and opens with Enter", async () => {
    const { user } = show(<SequenceList rows={many} />, {});
    await screen.findAllByRole("option");
    await user.tab();
    await user.keyboard("{ArrowDown}{ArrowDown}");

    expect(screen.getByRole("listbox").getAttribute("aria-activedescendant")).toBe("sequence-e1_to_f1__center");
    expect(useSelection.getState().pathId).toBeNull();

    await user.keyboard("{Enter}");
    expect(useSelection.getState().pathId).toBe("e1_to_f1__center");
  });

  it("opens what is clicked", async () => {
    const { user } = show(<SequenceList rows={many} />, {});
    const rows = await screen.findAllByRole("option");
    await user.click(rows[2]!);

    expect(useSelection.getState().pathId).toBe("e2_to_f2__center");
  });

  it("says a row's state in words, with its reason", async () => {
    show(
      <SequenceList rows={[aRow("a_to_b__center", { state: "blocked", reason: "b__center.png is missing" })]} />,
      {},
    );

    expect((await screen.findByText("Blocked")).getAttribute("title")).toBe("b__center.png is missing");
  });
});
