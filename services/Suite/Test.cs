using System;
using System.Runtime.CompilerServices;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Suite;

/// <summary>One test while it runs: what it expects, and what it has made. It is cleaned up after, and whatever does not come back is a failure, too.</summary>
/// <param name="setting">What all tests share.</param>
/// <param name="group">Group that it belongs to.</param>
internal ref struct Test(in Setting setting, ReadOnlySpan<byte> group)
{
    /// <summary>Microseconds that a wait lasts at most: what it waits for has happened long before.</summary>
    private const ulong PatienceMicroseconds = 2_000_000;

    private const int AgainMax = 64;

    /// <summary>What all tests share.</summary>
    internal readonly Setting Setting = setting;

    /// <summary>Group that it belongs to.</summary>
    internal readonly ReadOnlySpan<byte> Group = group;

    /// <summary>Its name.</summary>
    internal ReadOnlySpan<byte> Name;

    /// <summary>What it shows.</summary>
    internal ReadOnlySpan<byte> Shows;

    /// <summary>Expectations so far.</summary>
    internal uint Steps;

    /// <summary>The first that did not hold.</summary>
    internal uint FailedStep;

    /// <summary>What was expected there.</summary>
    internal ulong Expected;

    /// <summary>What was found.</summary>
    internal ulong Actual;

    private uint _taken;

    /// <summary>Whether an expectation did not hold.</summary>
    internal readonly bool HasFailed => FailedStep != 0;

    /// <summary>The memory that it makes its objects of.</summary>
    internal readonly UntypedMemory Arena => new(Setting.Arena);

    /// <summary>Says which test this is.</summary>
    /// <param name="name">Its name within the group.</param>
    /// <param name="shows">What it shows, as the end of a sentence.</param>
    internal void Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> shows)
    {
        Name = name;
        Shows = shows;
        Board.Quiet = Setting.Quiet;
    }

    /// <summary>Two values must be the same.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void Same(ulong expected, ulong actual)
    {
        Steps++;
        if (expected != actual && FailedStep == 0)
        {
            FailedStep = Steps;
            Expected = expected;
            Actual = actual;
        }
    }

    /// <summary>Something must hold.</summary>
    internal void That(bool condition) => Same(1, condition ? 1UL : 0);

    /// <summary>A value must be at least another.</summary>
    internal void AtLeast(ulong least, ulong actual) => Same(least, actual >= least ? least : actual);

    /// <summary>A value must be at most another.</summary>
    internal void AtMost(ulong most, ulong actual) => Same(most, actual <= most ? most : actual);

    /// <summary>A system call must be done.</summary>
    internal void Ok(SystemResult actual) => Same((ulong)SystemResult.Ok, (ulong)actual);

    /// <summary>A system call must have this result.</summary>
    internal void Gives(SystemResult expected, SystemResult actual) => Same((ulong)expected, (ulong)actual);

    /// <summary>Takes empty slots of the root CNode.</summary>
    internal uint Take(uint count = 1)
    {
        uint slot = Setting.First + _taken;
        _taken += count;
        return slot;
    }

    /// <summary>Makes an object.</summary>
    /// <returns>Its slot, which is its address.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal uint Make(CapabilityType type, byte sizeBits = 0)
    {
        uint slot = Take();
        Ok(RetypeAll(Setting.Arena, type, slot, sizeBits));
        return slot;
    }

    /// <summary>Makes a page and maps it, readable and writable.</summary>
    internal uint MakePage(ulong address)
    {
        uint frame = Make(CapabilityType.Frame, ObjectSize.FrameBits);
        Ok(new MemoryFrame(frame).Map(RootSlot.VSpace, address, MapRights.ReadWrite));
        return frame;
    }

    /// <summary>Makes the one frame of 2 MiB that a test can have.</summary>
    /// <returns>Its slot, which is its address.</returns>
    internal uint MakeLargeFrame()
    {
        uint slot = Take();
        Ok(RetypeAll(Setting.Large, CapabilityType.Frame, slot, ObjectSize.LargeFrameBits));
        return slot;
    }

    /// <summary>A copy of a capability with rights and a badge.</summary>
    internal uint Mint(uint source, CapabilityRights rights, ulong badge)
    {
        uint slot = Take();
        Ok(Setting.Root.Mint(slot, Setting.Root, source, rights, badge));
        return slot;
    }

    /// <summary>Retype, as often as it takes.</summary>
    internal static SystemResult RetypeAll(uint untyped, CapabilityType type, uint slot, byte sizeBits = 0)
    {
        SystemResult result = SystemResult.Again;
        for (int time = 0; time < AgainMax && result == SystemResult.Again; time++)
        {
            result = new UntypedMemory(untyped).Retype(type, Setting.Root, slot, sizeBits);
        }

        return result;
    }

    /// <summary>The time in so many microseconds.</summary>
    internal readonly ulong In(ulong microseconds) => Ipc.Now() + (microseconds * Setting.TicksPerMicrosecond);

    /// <summary>Lets others run for a time.</summary>
    internal readonly void Sleep(ulong microseconds) =>
        _ = Ipc.Receive(Setting.Quiet, 0, out _, SystemCallFlags.HasDeadline, In(microseconds));

    /// <summary>Receives, but does not wait for ever.</summary>
    internal readonly SystemResult Receive(ulong address, ulong reply, out Message message) =>
        Ipc.Receive(address, reply, out message, SystemCallFlags.HasDeadline, In(PatienceMicroseconds));

    /// <summary>Calls, but does not wait for ever. The kernel takes the long way, because there is a deadline.</summary>
    internal readonly SystemResult Call(ulong address, ref Message message) =>
        Ipc.Call(address, ref message, SystemCallFlags.HasDeadline, In(PatienceMicroseconds));

    /// <summary>Deletes all that the test has made. All memory and all slots must come back.</summary>
    internal void End()
    {
        Ok(Setting.Root.Revoke(Setting.Arena));
        Ok(Setting.Root.Revoke(Setting.Large));
        for (uint slot = Setting.First; slot < Setting.First + _taken; slot++)
        {
            SystemResult result = Setting.Root.Delete(slot);
            if (result != SystemResult.Ok)
            {
                Ok(result);
            }
        }

        Ok(Arena.Reset());
        Same(1UL << Setting.ArenaBits, Ask.Detail(Setting.Arena));
        Ok(new UntypedMemory(Setting.Large).Reset());
        Board.Clear();
    }
}
