using Atoll.Abi;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <summary>The capabilities of an instance in plain collections, written from the documents and not from the kernel.</summary>
/// <remarks>Recursive where the kernel must not be; counts holders where the kernel looks at neighbours.</remarks>
public sealed partial class ReferenceModel
{
    private const CapabilityRights All = CapabilityRights.All;

    /// <summary>Every capability by its slot.</summary>
    public Dictionary<ulong, ModelCapability> Held { get; } = [];

    /// <summary>Slots of every CNode by its first slot: how many.</summary>
    public Dictionary<ulong, int> Nodes { get; } = [];

    /// <summary>Threads.</summary>
    public HashSet<ulong> Threads { get; } = [];

    /// <summary>Which notification a thread is bound to.</summary>
    public Dictionary<ulong, ulong> Bound { get; } = [];

    /// <summary>Objects that ended: what the rooms above must have heard of.</summary>
    public List<(CapabilityType Type, ulong Object)> Ended { get; } = [];

    /// <summary>Address spaces that can still be made.</summary>
    public int SpacesLeft { get; private set; } = (int)CapabilityWorld.SpaceCapacity;

    /// <summary>Slots that programs could name.</summary>
    public List<ulong> Slots => [.. Nodes.SelectMany(node => Enumerable.Range(0, node.Value).Select(index =>
        node.Key + ((ulong)index * 64)))];

    /// <summary>The capability in a slot.</summary>
    public ModelCapability? this[ulong slot] => Held.GetValueOrDefault(slot);

    /// <summary>A capability that was derived from nothing.</summary>
    public void AddRoot(ulong slot, ModelCapability capability)
    {
        capability.Rights = All;
        new ModelCapability().Add(capability);
        Put(slot, capability);
        if (capability.Type == CapabilityType.CNode)
        {
            Nodes[capability.Object] = 1 << capability.SizeBits;
        }
    }

    /// <summary>Something that a control gives.</summary>
    public void Derive(ulong control, ulong slot, CapabilityType type, ulong number, uint last)
    {
        var made = new ModelCapability { Type = type, Rights = All, Object = number, Extra = last };
        Held[control].Add(made);
        Put(slot, made);
    }

    /// <summary>Makes objects.</summary>
    public SystemResult Retype(ulong untyped, RetypeRequest request, ulong node, ulong index)
    {
        ModelCapability source = Held[untyped];
        int bits = ModelKinds.Bits(request.Type, request.SizeBits);
        bool isMemory = request.Type is CapabilityType.Untyped or CapabilityType.Frame;
        if (bits == 0 || request.Count is 0 or > 256 || (source.IsDevice && !isMemory))
        {
            return SystemResult.ArgumentInvalid;
        }

        ModelCapability into = Held[node];
        if (index + request.Count > 1UL << into.SizeBits)
        {
            return SystemResult.ArgumentInvalid;
        }

        var slots = Enumerable.Range(0, (int)request.Count).Select(i => into.Object + ((index + (ulong)i) * 64)).ToList();
        if (slots.Any(Held.ContainsKey))
        {
            return SystemResult.SlotOccupied;
        }

        ulong size = 1UL << bits;
        ulong start = (source.Watermark + size - 1) / size * size;
        if (start + (request.Count * size) > 1UL << source.SizeBits)
        {
            return SystemResult.NotEnoughMemory;
        }

        if (request.Type == CapabilityType.VSpace && request.Count > SpacesLeft)
        {
            return SystemResult.Unavailable;
        }

        source.Watermark = start + (request.Count * size);
        for (int i = 0; i < slots.Count; i++)
        {
            Make(source, request, slots[i], source.Object + start + ((ulong)i * size));
        }

        return SystemResult.Ok;
    }

    /// <summary>Frees an untyped.</summary>
    public SystemResult Reset(ulong untyped)
    {
        if (Held[untyped].Children.Count != 0)
        {
            return SystemResult.HasChildren;
        }

        Held[untyped].Watermark = 0;
        return SystemResult.Ok;
    }

    /// <summary>Copies (without a word) or mints.</summary>
    public SystemResult Copy(ulong source, ulong target, CapabilityRights rights, ulong? word)
    {
        if (this[source] is not { } from)
        {
            return SystemResult.SlotEmpty;
        }

        if (from.Type == CapabilityType.PageTable)
        {
            return SystemResult.NotCopyable;
        }

        if (from.Type == CapabilityType.Untyped && (from.Children.Count != 0 || from.Watermark != 0))
        {
            return SystemResult.HasChildren;
        }

        if (word is { } given && !Accepts(from, given))
        {
            return SystemResult.ArgumentInvalid;
        }

        Derive(from, target, rights, word);
        return SystemResult.Ok;
    }

    /// <summary>Moves.</summary>
    public SystemResult Move(ulong source, ulong target)
    {
        if (!Held.Remove(source, out ModelCapability? moved))
        {
            return SystemResult.SlotEmpty;
        }

        Put(target, moved);
        return SystemResult.Ok;
    }

    /// <summary>Exchanges.</summary>
    public SystemResult Swap(ulong one, ulong other)
    {
        if (this[one] is not { } first || this[other] is not { } second)
        {
            return SystemResult.SlotEmpty;
        }

        Put(one, second);
        Put(other, first);
        return SystemResult.Ok;
    }

    /// <summary>Binds a notification to a thread, if neither is bound.</summary>
    public bool TryBind(ulong thread, ulong notification)
    {
        bool isFree = !Bound.ContainsKey(thread) && !Bound.ContainsValue(notification);
        if (isFree)
        {
            Bound[thread] = notification;
        }

        return isFree;
    }

    private void Make(ModelCapability source, RetypeRequest request, ulong slot, ulong address)
    {
        bool isDevice = source.IsDevice;
        var made = new ModelCapability
        {
            Type = request.Type,
            Rights = All,
            SizeBits = request.SizeBits,
            Object = address,
            IsDevice = isDevice,
            Extra = request.Type == CapabilityType.CNode ? 64u - request.SizeBits : 0,
            Space = request.Type == CapabilityType.VSpace ? new ModelSpace { Root = address } : null,
        };
        source.Add(made);
        Put(slot, made);
        switch (request.Type)
        {
            case CapabilityType.CNode:
                Nodes[address] = 1 << request.SizeBits;
                break;
            case CapabilityType.Thread:
                Threads.Add(address);
                break;
            case CapabilityType.VSpace:
                SpacesLeft--;
                break;
        }
    }

    private void Derive(ModelCapability from, ulong target, CapabilityRights rights, ulong? word)
    {
        bool isGuard = from.Type == CapabilityType.CNode && word is not null;
        var copy = new ModelCapability
        {
            Type = from.Type,
            Rights = from.Rights & rights,
            SizeBits = from.SizeBits,
            Object = from.Object,
            IsDevice = from.IsDevice,
            Extra = isGuard ? (uint)(word!.Value & 63) : from.Extra,
            Word = isGuard ? word!.Value >> 6 : word is > 0 ? word.Value : from.Word,
            Space = from.Type == CapabilityType.VSpace ? from.Space : null,
        };
        if (from.Type == CapabilityType.Untyped)
        {
            from.Watermark = 1UL << from.SizeBits;
        }

        from.Add(copy);
        Put(target, copy);
    }

    // A badge is given once. A guard of g bits and a radix of r bits: g + r at most 64, the value less than 2^g.
    private static bool Accepts(ModelCapability source, ulong word)
    {
        if (source.Type is CapabilityType.Endpoint or CapabilityType.Notification)
        {
            return source.Word == 0;
        }

        if (source.Type == CapabilityType.CNode)
        {
            int bits = (int)(word & 63);
            return bits + source.SizeBits <= 64 && (bits >= 58 || word >> 6 < 1UL << bits);
        }

        return word == 0;
    }

    private void Put(ulong slot, ModelCapability capability)
    {
        capability.Slot = slot;
        Held[slot] = capability;
    }
}
