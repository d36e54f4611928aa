using System;
using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Measure;

/// <summary>Calls and their answers.</summary>
public static class CallFigures
{
    private const uint Rounds = 1000;
    private const uint GrantRounds = 32;
    private const uint LongWords = 10;
    private const ulong ShortStackTop = 0x0039_0000;
    private const ulong LongStackTop = 0x0034_0000;
    private const ulong BufferAddress = 0x003A_0000;

    private static MessageHeader Words4 => MessageHeader.Of(label: 1, words: 4);

    /// <summary>Measures.</summary>
    public static void Measure(ref Setting setting)
    {
        Null();
        Space.AddStack(ref setting, RootSlot.VSpace, ShortStackTop);
        Short("ipc.call-reply.same-space"u8, Partner.Serve(ref setting, Role.AnswersShort, RootSlot.VSpace, ShortStackTop));
        OtherSpace(ref setting);
        Space.AddStack(ref setting, RootSlot.VSpace, LongStackTop);
        uint endpoint = Partner.Serve(ref setting, Role.AnswersLong, RootSlot.VSpace, LongStackTop, BufferAddress);
        Long(endpoint);
        Grant(ref setting, endpoint);
    }

    private static void Null()
    {
        Sample sample = Sample.Start();
        for (uint round = 0; round < Rounds; round++)
        {
            sample.Begin();
            _ = Ipc.Nothing();
            sample.End();
        }

        sample.Tell("syscall.null"u8);
    }

    // The other address space is measured, too: from nothing to the first answer.
    private static void OtherSpace(ref Setting setting)
    {
        Sample start = Sample.Start();
        start.Begin();
        uint space = Space.Make(ref setting);
        uint endpoint = Partner.Serve(ref setting, Role.AnswersShort, space, Space.StackTop);
        Call(endpoint, 0);
        start.End();
        start.Tell("program.start"u8);
        Short("ipc.call-reply.other-space"u8, endpoint);
    }

    private static void Short(ReadOnlySpan<byte> name, uint endpoint)
    {
        Call(endpoint, 0);
        Sample sample = Sample.Start();
        for (uint round = 0; round < Rounds; round++)
        {
            sample.Begin();
            Call(endpoint, round);
            sample.End();
        }

        sample.Tell(name);
    }

    private static void Call(uint endpoint, uint round)
    {
        CallAnswer answer = Ipc.CallShort(endpoint, Words4, round, 2, 3, 4);
        if (answer.Result != (ulong)SystemResult.Ok || answer.Word0 != round)
        {
            Report.Expect(SystemResult.WrongState);
        }
    }

    private static void Long(uint endpoint)
    {
        Sample sample = Sample.Start();
        for (uint round = 0; round < Rounds; round++)
        {
            Message message = Message.Of(label: 1, LongWords, round);
            sample.Begin();
            SystemResult result = Ipc.Call(endpoint, ref message);
            sample.End();
            Report.Expect(message.Word0 == round && message.Header.Words == LongWords ? result : SystemResult.WrongState);
        }

        sample.Tell("ipc.call-reply.10-words"u8);
    }

    private static void Grant(ref Setting setting, uint endpoint)
    {
        uint given = setting.Make(CapabilityType.Notification);
        uint taken = setting.Next++;
        Buffer(BootInformation.BufferAddress).Capabilities[0] = given;
        Buffer(BufferAddress).ReceiveNode = RootSlot.CNode;
        Buffer(BufferAddress).ReceiveIndex = taken;
        Sample sample = Sample.Start();
        for (uint round = 0; round < GrantRounds; round++)
        {
            Message message = Message.Of(label: 1, words: 1, round);
            message.Header = MessageHeader.Of(label: 1, words: 1, capabilities: 1);
            sample.Begin();
            SystemResult result = Ipc.Call(endpoint, ref message);
            sample.End();
            Report.Expect(result);

            // It must have come, for it can be deleted: nothing else tells.
            Report.Expect(Setting.Root.Describe(taken, out CapabilityType type, out _));
            Report.Expect(type == CapabilityType.Notification ? SystemResult.Ok : SystemResult.SlotEmpty);
            Report.Expect(Setting.Root.Delete(taken));
        }

        sample.Tell("ipc.call-reply.grant"u8);
    }

    [Trusted(Safety = "Both pages are this program's message buffers, writable from before the first of these figures.")]
    private static unsafe ref MessageBuffer Buffer(ulong address) => ref *(MessageBuffer*)address;
}
