using Atoll.Abi;
using Atoll.Cap;
using Thread = Atoll.Cap.Thread;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <summary>Holds the kernel's memory against the model, and against what must be true of it whatever the model says.</summary>
public static class StateComparison
{
    /// <summary>Throws at the first difference.</summary>
    public static void Check(CapabilityWorld world, ReferenceModel model)
    {
        foreach (ulong slot in model.Slots)
        {
            CheckSlot(world, slot, model[slot]);
        }

        foreach (ulong thread in model.Threads)
        {
            CheckThread(world, model, thread);
        }

        CheckSpaces(world, model);
        CheckNothingOverlaps(model);
        CheckMemoryIsConserved(model);
        CheckTranslations(world, model);
        CheckHost(world, model);
        MismatchException.ThrowUnless(world.State.Capabilities.Dying.IsEmpty, "something is still dying");
        MismatchException.ThrowUnlessEqual((uint)model.SpacesLeft, world.State.Capabilities.Spaces.Available, "address spaces left");
    }

    private static void CheckSlot(CapabilityWorld world, ulong address, ModelCapability? expected)
    {
        ref CapabilitySlot slot = ref CapabilityWorld.Slot(address);
        string where = $"slot {address - world.RootSlots:x}";
        if (expected is null)
        {
            MismatchException.ThrowUnlessEqual(CapabilityType.Null, slot.Type, where);
            MismatchException.ThrowUnless(slot.FirstChild.IsNull && slot.Next.Slot.IsNull && slot.Previous.Slot.IsNull,
                $"{where} is empty and linked");
            return;
        }

        var kind = (slot.Type, slot.Rights, slot.SizeBits, slot.Object);
        MismatchException.ThrowUnlessEqual((expected.Type, expected.Rights, expected.SizeBits, expected.Object), kind, where);
        CheckDetail(ref slot, expected, where);
        CheckLinks(ref slot, expected, where);
    }

    private static void CheckDetail(ref CapabilitySlot slot, ModelCapability expected, string where)
    {
        switch (expected.Type)
        {
            case CapabilityType.Untyped:
                MismatchException.ThrowUnlessEqual(expected.Watermark, slot.Watermark, $"{where}: watermark");
                break;
            case CapabilityType.Endpoint or CapabilityType.Notification:
                MismatchException.ThrowUnlessEqual(expected.Word, slot.Badge, $"{where}: badge");
                break;
            case CapabilityType.CNode:
                MismatchException.ThrowUnlessEqual((expected.Word, expected.Extra), (slot.Badge, slot.Extra), $"{where}: guard");
                break;
            case CapabilityType.IoPort:
                MismatchException.ThrowUnlessEqual(expected.Extra, slot.Extra, $"{where}: last port");
                break;
        }
    }

    // Ends of the list of siblings lead to the parent; a list without a parent is that of what was derived from nothing.
    private static void CheckLinks(ref CapabilitySlot slot, ModelCapability expected, string where)
    {
        List<ModelCapability> siblings = expected.Parent!.Children;
        int at = siblings.IndexOf(expected);
        bool isFirst = at == 0;
        bool isLast = at == siblings.Count - 1;
        var links = (slot.Previous.IsParent, slot.Previous.Slot.Address, slot.Next.IsParent, slot.Next.Slot.Address);
        var wanted = (
            isFirst, isFirst ? expected.Parent.Slot : siblings[at - 1].Slot, isLast, isLast ? expected.Parent.Slot
                : siblings[at + 1].Slot);
        MismatchException.ThrowUnlessEqual(wanted, links, $"{where}: siblings");
        var ends = expected.Children.Count == 0 ? (0UL, 0UL) : (expected.Children[0].Slot, expected.Children[^1].Slot);
        MismatchException.ThrowUnlessEqual(ends, (slot.FirstChild.Address, slot.LastChild.Address), $"{where}: children");
    }

    private static void CheckThread(CapabilityWorld world, ReferenceModel model, ulong address)
    {
        for (int index = 0; index < 4; index++)
        {
            ulong slot = ReferenceModel.ThreadSlot(address, index);
            CheckSlot(world, slot, model[slot]);
            MismatchException.ThrowUnlessEqual(SlotFlags.InThread, CapabilityWorld.Slot(slot).Flags & SlotFlags.InThread,
                "flag of a thread's slot");
        }

        ref Thread thread = ref Thread.OfContext(address).Value;
        ModelCapability? root = model[ReferenceModel.ThreadSlot(address, 0)];
        ModelCapability? space = model[ReferenceModel.ThreadSlot(address, 1)];
        ModelCapability? frame = model[ReferenceModel.ThreadSlot(address, 3)];
        bool isPlain = root is not null && root.Extra + root.SizeBits == 64 && root.Word == 0;
        MismatchException.ThrowUnlessEqual((root?.Object ?? 0, isPlain ? 1UL << root!.SizeBits : 0), (thread.RootSlots.Address,
            thread.PlainSlots), "root of a thread");
        MismatchException.ThrowUnlessEqual(space?.Object ?? 0, thread.TableRoot, "tables of a thread");
        MismatchException.ThrowUnlessEqual(frame?.Object ?? 0, thread.Buffer.Address, "buffer of a thread");
        MismatchException.ThrowUnlessEqual(model.Bound.GetValueOrDefault(address), thread.BoundNotification.Address,
            "bound notification");
    }

    private static void CheckSpaces(CapabilityWorld world, ReferenceModel model)
    {
        foreach (ModelCapability space in model.Held.Values.Where(held => held.Type == CapabilityType.VSpace).DistinctBy(held =>
            held.Object))
        {
            List<UserPage> expected =
            [
                .. space.Space!.Frames.OrderBy(entry => entry.Key)
                    .Select(entry => new UserPage(entry.Key, entry.Value.Frame.Object, entry.Value.Frame.Bytes, entry.Value.Rights)),
            ];
            string found = string.Join('\n', UserPages.Of(space.Object));
            MismatchException.ThrowUnlessEqual(string.Join('\n', expected), found,
                $"pages of address space {space.Object - world.UntypedBase:x}");
            unsafe
            {
                MismatchException.ThrowUnlessEqual(world.KernelEntry, ((ulong*)space.Object)[511], "the kernel's half");
            }
        }
    }

    // Two capabilities are to the same memory only when they are to the same object, or one is untyped and was there first.
    private static void CheckNothingOverlaps(ReferenceModel model)
    {
        ulong end = 0;
        CapabilityType before = CapabilityType.Null;
        IEnumerable<ModelCapability> objects = model.Held.Values
            .Where(held => ModelKinds.Bits(held.Type, held.SizeBits) != 0 && held.Type != CapabilityType.Untyped)
            .DistinctBy(held => (held.Type, held.Object))
            .OrderBy(held => held.Object);
        foreach (ModelCapability held in objects)
        {
            MismatchException.ThrowUnless(held.Object >= end, $"a {held.Type} lies in a {before}");
            end = held.Object + held.Bytes;
            before = held.Type;
        }
    }

    private static void CheckMemoryIsConserved(ReferenceModel model)
    {
        foreach (ModelCapability untyped in model.Held.Values.Where(held => held.Type == CapabilityType.Untyped))
        {
            ref CapabilitySlot slot = ref CapabilityWorld.Slot(untyped.Slot);
            ulong used = 0;
            foreach (ModelCapability made in untyped.Children.Where(child => ModelKinds.Bits(child.Type, child.SizeBits) != 0)
                .DistinctBy(child => (child.Type, child.Object, child.SizeBits)))
            {
                MismatchException.ThrowUnless(
                    made.Object >= slot.Object && made.Object + made.Bytes <= slot.Object + slot.Watermark,
                        $"a {made.Type} lies above the watermark");
                used += made.Bytes;
            }

            MismatchException.ThrowUnless(used <= slot.Watermark && slot.Watermark <= 1UL << slot.SizeBits, "more is used than there is");
        }
    }

    // What the core may still translate is what its tables say.
    private static void CheckTranslations(CapabilityWorld world, ReferenceModel model)
    {
        ulong root = world.Machine.PageTables;
        if (root == world.KernelTables)
        {
            MismatchException.ThrowUnlessEqual(0, world.Machine.Cached.Count, "translations of programs in the kernel's tables");
            return;
        }

        MismatchException.ThrowUnless(
            model.Held.Values.Any(held => held.Type == CapabilityType.VSpace && held.Object == root),
                "the core uses tables of an address space that is gone");
        HashSet<UserPage> pages = [.. UserPages.Of(root)];
        foreach (UserPage cached in world.Machine.Cached.Values)
        {
            MismatchException.ThrowUnless(pages.Contains(cached), $"a stale translation: {cached}");
        }
    }

    private static void CheckHost(CapabilityWorld world, ReferenceModel model)
    {
        string expected = string.Join(' ', model.Ended.Order());
        MismatchException.ThrowUnlessEqual(expected, string.Join(' ', world.State.Log.Ended.Order()), "what ended");
        model.Ended.Clear();
        world.State.Log.Ended.Clear();
        foreach (ulong waiting in world.State.Log.Waiters.Keys)
        {
            MismatchException.ThrowUnless(
                model.Held.Values.Any(held => held.Object == waiting
                    && held.Type is CapabilityType.Endpoint or CapabilityType.Notification),
                "threads wait for what is gone");
        }
    }
}
