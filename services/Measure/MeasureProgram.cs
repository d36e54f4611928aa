using System;
using System.Runtime;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>Measures the kernel from ring 3, as the first and only program of an instance (docs/benchmarks.md).</summary>
/// <remarks>
/// A figure is guest instructions of the whole path, both sides: time-stamp difference over a loop of operations, less an empty loop. It holds under
/// instruction counting only, on one core.
/// </remarks>
public static class MeasureProgram
{
    private const uint Rounds = 1000;
    private const ulong SameSpaceStackTop = 0x0039_0000;
    private const byte ServerPriority = 251;
    private static MessageHeader Words4 => MessageHeader.Of(label: 1, words: 4);

    [RuntimeExport("atoll_program_main")]
    private static void Main(ulong endpoint, ulong reply)
    {
        if (endpoint != 0)
        {
            Server.Answer(endpoint, reply);
        }

        Report.Begin();
        Setting setting = Setting.Begin();
        Calls(ref setting);
        Signals(ref setting);
        Capabilities(ref setting);
        Memory(ref setting);
        Report.End(passed: true);
    }

    private static void Calls(ref Setting setting)
    {
        ulong began = Ipc.Now();
        for (uint round = 0; round < Rounds; round++)
        {
            _ = Ipc.Nothing();
        }

        Tell("syscall.null"u8, Ipc.Now() - began, Rounds);
        Space.AddStack(ref setting, RootSlot.VSpace, SameSpaceStackTop);
        CallReply("ipc.call-reply.same-space"u8, ref setting, RootSlot.VSpace, SameSpaceStackTop);
        uint space = Space.Make(ref setting);
        CallReply("ipc.call-reply.other-space"u8, ref setting, space, Space.StackTop);
    }

    private static void CallReply(ReadOnlySpan<byte> name, ref Setting setting, uint space, ulong stackTop)
    {
        uint endpoint = setting.Make(CapabilityType.Endpoint);
        uint reply = setting.Make(CapabilityType.Reply);
        uint thread = setting.Make(CapabilityType.Thread);
        uint time = setting.Make(CapabilityType.SchedulingContext);
        ThreadControl server = new(thread);
        Report.Expect(new SchedulingAuthority(RootSlot.SchedulingControl).Configure(time, 10_000, 10_000));
        Report.Expect(server.Configure(RootSlot.CNode, space, faultEndpoint: 0, bufferFrame: 0));
        Report.Expect(server.SetPriority(ServerPriority, ServerPriority));
        Report.Expect(server.SetRegisters(Ipc.ThreadEntry(), stackTop, endpoint, reply));
        Report.Expect(server.BindContext(time));

        // It runs at once, up to its first receive; from then on it runs on its callers' time.
        Report.Expect(server.Resume());
        Report.Expect(server.UnbindContext());
        Call(endpoint, 1);
        ulong began = Ipc.Now();
        Call(endpoint, Rounds);
        Tell(name, Ipc.Now() - began, Rounds);
    }

    private static void Call(uint endpoint, uint rounds)
    {
        for (uint round = 0; round < rounds; round++)
        {
            CallAnswer answer = Ipc.CallShort(endpoint, Words4, round, 2, 3, 4);
            if (answer.Result != (ulong)SystemResult.Ok || answer.Word0 != round)
            {
                Report.Expect(SystemResult.WrongState);
            }
        }
    }

    private static void Signals(ref Setting setting)
    {
        uint notification = setting.Make(CapabilityType.Notification);
        Report.Expect(Ipc.Signal(notification));
        ulong began = Ipc.Now();
        for (uint round = 0; round < Rounds; round++)
        {
            _ = Ipc.Signal(notification);
        }

        Tell("signal.no-waiter"u8, Ipc.Now() - began, Rounds);
    }

    private static void Capabilities(ref Setting setting)
    {
        const uint count = 64;
        uint source = setting.Make(CapabilityType.Endpoint);
        uint first = setting.Next;
        ulong began = Ipc.Now();
        for (uint index = 0; index < count; index++)
        {
            _ = Setting.Root.Copy(first + index, Setting.Root, source);
        }

        Tell("cap.copy"u8, Ipc.Now() - began, count);
        began = Ipc.Now();
        for (uint index = 0; index < count; index++)
        {
            _ = Setting.Root.Move(first + count + index, Setting.Root, first + index);
        }

        Tell("cap.move"u8, Ipc.Now() - began, count);
        began = Ipc.Now();
        for (uint index = 0; index < count; index++)
        {
            _ = Setting.Root.Delete(first + count + index);
        }

        Tell("cap.delete"u8, Ipc.Now() - began, count);
        began = Ipc.Now();
        for (uint index = 0; index < count; index++)
        {
            _ = Setting.Root.Mint(first + index, Setting.Root, source, CapabilityRights.Write, index + 1);
        }

        Tell("cap.mint"u8, Ipc.Now() - began, count);
        began = Ipc.Now();
        Report.Expect(Setting.Root.Revoke(source));
        Tell("cap.revoke.64"u8, Ipc.Now() - began, 1);
    }

    private static void Memory(ref Setting setting)
    {
        const uint count = 32;
        uint first = setting.Next;
        ulong began = Ipc.Now();
        for (uint index = 0; index < count; index++)
        {
            _ = setting.Memory.Retype(CapabilityType.Endpoint, Setting.Root, first + index);
        }

        Tell("retype.endpoint"u8, Ipc.Now() - began, count);
        began = Ipc.Now();
        for (uint index = 0; index < count; index++)
        {
            _ = setting.Memory.Retype(CapabilityType.Frame, Setting.Root, first + count + index, ObjectSize.FrameBits);
        }

        Tell("retype.frame"u8, Ipc.Now() - began, count);
        began = Ipc.Now();
        for (uint index = 0; index < count; index++)
        {
            _ = new MemoryFrame(first + count + index).Map(RootSlot.VSpace, 0x0030_0000 + (index * ImageLayout.PageSizeBytes), MapRights.ReadWrite);
        }

        Tell("page.map"u8, Ipc.Now() - began, count);
        began = Ipc.Now();
        for (uint index = 0; index < count; index++)
        {
            _ = new MemoryFrame(first + count + index).Unmap();
        }

        Tell("page.unmap"u8, Ipc.Now() - began, count);
    }

    private static void Tell(ReadOnlySpan<byte> name, ulong ticks, uint operations) =>
        Report.Figure(name, operations == 0 ? 0 : ticks * 100 / operations);
}
