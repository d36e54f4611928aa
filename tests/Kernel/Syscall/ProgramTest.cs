using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Syscall.Model;

namespace Atoll.Kernel.Tests.Syscall;

/// <summary>Programs that ask the kernel, in the order in which the test says. Every invariant is looked at after each call.</summary>
public abstract class ProgramTest(CallPath path) : IDisposable
{
    /// <summary>Flag of a call that does not wait.</summary>
    protected const ulong NonBlocking = SystemCallFlags.NonBlocking;

    protected KernelWorld World { get; } = new(path);

    public void Dispose()
    {
        World.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static ulong Header(ulong label, uint words = 0, uint capabilities = 0) => MessageHeader.Of(label, words, capabilities).Raw;

    protected uint Make(CapabilityType type, byte sizeBits = 0) => World.Make(type, sizeBits);

    /// <summary>The first program runs.</summary>
    protected void Start() => World.RunIfAny();

    /// <summary>The running program, which must be this one, calls.</summary>
    protected SystemResult Ask(
        Program program, ulong number, uint slot, ulong header = 0, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0, ulong word3 = 0,
            uint reply = 0, ulong deadline = 0)
    {
        Assert.Equal(program, World.RunningProgram);
        World.SystemCall(number, program.Base + slot, header, word0, word1, word2, word3, program.Base + reply, deadline);
        KernelInvariants.Check(World);
        return program.Result;
    }

    protected SystemResult Call(Program program, uint slot, ulong label = 0, params ulong[] words) =>
        Ask(program, (ulong)SystemCall.Call, slot, Header(label, (uint)words.Length), Word(words, 0), Word(words, 1), Word(words, 2),
            Word(words, 3));

    protected SystemResult Send(Program program, uint slot, ulong label = 0, params ulong[] words) =>
        Ask(program, (ulong)SystemCall.Send, slot, Header(label, (uint)words.Length), Word(words, 0), Word(words, 1), Word(words, 2),
            Word(words, 3));

    protected SystemResult Receive(Program program, uint slot, uint reply = 0, ulong flags = 0, ulong deadline = 0) =>
        Ask(program, (ulong)SystemCall.Receive | flags, slot, reply: reply, deadline: deadline);

    protected SystemResult ReplyReceive(Program program, uint slot, uint reply, ulong label = 0, params ulong[] words) =>
        Ask(program, (ulong)SystemCall.ReplyReceive, slot, Header(label, (uint)words.Length), Word(words, 0), Word(words, 1),
            Word(words, 2), Word(words, 3), reply);

    /// <summary>An operation on an object.</summary>
    protected SystemResult Invoke(Program program, uint slot, Enum operation, ulong word0 = 0, ulong word1 = 0, ulong word2 = 0,
        ulong word3 = 0) =>
        Ask(program, (ulong)SystemCall.Call, slot, Header(Convert.ToUInt64(operation), 4), word0, word1, word2, word3);

    /// <summary>Deletes a capability, as often as it takes.</summary>
    protected void Delete(Program program, uint slot)
    {
        while (Invoke(program, KernelWorld.CNodeSlot, CNodeOperation.Delete, slot) == SystemResult.Again)
        {
            // It goes on where it stopped.
        }
    }

    /// <summary>What a program finds in its registers.</summary>
    protected static void AssertHears(Program program, SystemResult result, ulong badge, ulong header, params ulong[] words)
    {
        ref ThreadContext context = ref program.Context;
        Assert.Equal((result, badge, header), ((SystemResult)context.Rax, context.Rdi, context.Rsi));
        Assert.Equal(words, new[] { context.Rdx, context.R10, context.R8, context.R9 }[..words.Length]);
    }

    /// <summary>A wait that ended without a message leaves nothing of an earlier one.</summary>
    protected static void AssertHearsOnly(Program program, SystemResult result) => AssertHears(program, result, 0, 0, 0, 0, 0, 0);

    private static ulong Word(ulong[] words, int index) => index < words.Length ? words[index] : 0;
}
