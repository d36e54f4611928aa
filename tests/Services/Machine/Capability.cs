using Atoll.Abi;

namespace Atoll.Services.Tests.Machine;

/// <summary>A capability in the tree of what is derived from what.</summary>
/// <param name="Type">The kind of object.</param>
/// <param name="Rights">What may be done.</param>
/// <param name="Badge">Its badge.</param>
/// <param name="Bits">Untyped memory: log2 of its bytes.</param>
public sealed record Capability(CapabilityType Type, CapabilityRights Rights, ulong Badge, byte Bits)
{
    /// <summary>What it was derived from.</summary>
    public Capability? Parent { get; set; }

    /// <summary>What was derived from it.</summary>
    public List<Capability> Children { get; } = [];

    /// <summary>Untyped memory: bytes that are used.</summary>
    public ulong Used { get; set; }

    /// <summary>Memory: where it lies.</summary>
    public ulong Address { get; init; }

    /// <summary>Whether it is gone.</summary>
    public bool IsGone { get; set; }

    /// <summary>Notifications: signals, counted at the object.</summary>
    public List<ulong> Signals { get; init; } = [];

    /// <summary>A copy, with at most these rights.</summary>
    public Capability Derive(CapabilityRights rights = CapabilityRights.All, ulong? badge = null)
    {
        if (Type == CapabilityType.Untyped)
        {
            Used = 1UL << Bits;
        }

        return Adopt(new Capability(Type, Rights & rights, badge ?? Badge, Bits) { Signals = Signals, Address = Address });
    }

    /// <summary>Makes an object of untyped memory.</summary>
    public Capability Make(CapabilityType type, byte bits = 0, ulong offset = 0) =>
        Adopt(new Capability(type, CapabilityRights.All, 0, bits) { Address = Address + offset });

    /// <summary>Deletes it: what was derived from it hangs where it hung.</summary>
    public void Delete()
    {
        IsGone = true;
        Parent?.Children.Remove(this);
        foreach (Capability child in Children)
        {
            child.Parent = Parent;
            Parent?.Children.Add(child);
        }

        Children.Clear();
    }

    /// <summary>Deletes everything that was derived from it.</summary>
    public void Revoke()
    {
        while (Children.Count > 0)
        {
            Children[0].Delete();
        }
    }

    private Capability Adopt(Capability child)
    {
        child.Parent = this;
        Children.Add(child);
        return child;
    }
}
