using Atoll.Abi;
using Atoll.Cap;
using ThreadState = Atoll.Cap.ThreadState;

namespace Atoll.Kernel.Tests.Syscall.Model;

/// <summary>What a thread finds in its registers when it goes on.</summary>
/// <param name="Result">RAX.</param>
/// <param name="IsWhole">Whether the others are promised, too.</param>
/// <param name="Badge">RDI.</param>
/// <param name="Header">RSI.</param>
/// <param name="Word0">RDX.</param>
/// <param name="Word1">R10.</param>
/// <param name="Word2">R8.</param>
/// <param name="Word3">R9.</param>
public readonly record struct Heard(
    SystemResult Result, bool IsWhole = false, ulong Badge = 0, ulong Header = 0, ulong Word0 = 0, ulong Word1 = 0, ulong Word2 = 0,
        ulong Word3 = 0)
{
    /// <summary>A result with one word about it, as refusals and failed operations have it.</summary>
    public static Heard Refused(SystemResult result, ulong word) => new(result, true, 0, MessageHeader.Of(0, 1).Raw, word);
}

/// <summary>An object of the model; in words of docs/programs.md.</summary>
public abstract class ModelObject(string name)
{
    /// <summary>For messages.</summary>
    public string Name { get; } = name;

    /// <summary>Capabilities to it.</summary>
    public List<ModelCapability> Capabilities { get; } = [];

    public override string ToString() => Name;
}

/// <summary>A capability: in a slot of the root CNode, or one that a thread lives by.</summary>
public sealed class ModelCapability(CapabilityType type, ModelObject? target)
{
    public CapabilityType Type { get; } = type;

    /// <summary>null: a control.</summary>
    public ModelObject? Target { get; } = target;

    public CapabilityRights Rights { get; init; } = CapabilityRights.All;

    public ulong Badge { get; init; }

    /// <summary>The thread that lives by it; null: it lies in a slot.</summary>
    public ModelThread? Owner { get; init; }

    public uint Slot { get; init; }

    public ModelCapability? Parent { get; set; }

    public List<ModelCapability> Children { get; } = [];
}

public sealed class ModelThread(Program program) : ModelObject(program.Name)
{
    public Program Program { get; } = program;
    public ThreadState State { get; set; }
    public byte Priority { get; set; }
    public byte PriorityMax { get; set; }
    public ModelTime? Time { get; set; }
    public ModelCapability? Space { get; set; }
    public ModelCapability? Handler { get; set; }
    public ModelEndpoint? Endpoint { get; set; }
    public ModelNotification? Awaited { get; set; }
    public ModelNotification? Bound { get; set; }

    /// <summary>Receiving: what it offers. AwaitingReply: what the answer comes through.</summary>
    public ModelReply? Reply { get; set; }

    /// <summary>When its wait ends by itself.</summary>
    public ulong? WaitEnds { get; set; }

    /// <summary>When its next budget begins, for which it waits.</summary>
    public ulong? BudgetAt { get; set; }

    /// <summary>The deadline that it passed with its call.</summary>
    public ulong? Until { get; set; }
    public bool IsCall { get; set; }
    public bool IsFault { get; set; }
    public ulong SendBadge { get; set; }
    public CapabilityRights SendRights { get; set; }
    public MessageHeader Header { get; set; }
    public ulong[] Words { get; set; } = new ulong[4];

    /// <summary>Slot of the capability that its buffer names for the next message.</summary>
    public uint Given { get; set; }

    /// <summary>Slot that its buffer names for a capability that comes.</summary>
    public uint Inbox { get; init; }
    public FaultKind Fault { get; set; }
    public ulong FaultAddress { get; set; }
    public FaultOptions Options { get; set; }
    public ulong Rip { get; set; }
    public ulong Rsp { get; set; }
    public ulong Rbx { get; set; }
    public ulong ErrorCode { get; set; }
    public Heard Heard { get; set; }

    /// <summary>Words of its message buffer.</summary>
    public ulong[] Buffer { get; } = new ulong[MessageHeader.WordsMax];
}

public sealed class ModelEndpoint(string name) : ModelObject(name)
{
    public bool IsOfSenders { get; set; }
    public List<ModelThread> Queue { get; } = [];
}

public sealed class ModelNotification(string name) : ModelObject(name)
{
    public List<ModelThread> Waiters { get; } = [];
    public bool IsPending { get; set; }
    public ulong Pending { get; set; }
    public ModelThread? Bound { get; set; }
}

public sealed class ModelReply(string name) : ModelObject(name)
{
    public ModelThread? Caller { get; set; }
    public ModelThread? Waiter { get; set; }
    public ModelTime? Lent { get; set; }

    /// <summary>Whether the answer may bring capabilities: whether the call could have.</summary>
    public bool MayGrant { get; set; }
}

public sealed class ModelTime(string name) : ModelObject(name)
{
    public ulong Budget { get; set; }
    public ulong Period { get; set; }
    public ulong Remaining { get; set; }
    public ulong RefillAt { get; set; }

    /// <summary>Ticks that somebody ran on it, counted tick by tick.</summary>
    public ulong Used { get; set; }
    public ModelThread? Thread { get; set; }
    public ModelThread? Runner { get; set; }

    /// <summary>What it was lent through, the last first.</summary>
    public List<ModelReply> Chain { get; } = [];
    public bool IsLimited => Budget != Period;
}
