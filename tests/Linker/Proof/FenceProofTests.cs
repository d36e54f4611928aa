using Atoll.Abi;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Tests.Passes;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Atoll.Linker.Tests.Proof;

/// <summary>MFENCE between store and look. The protocol's functions are made of the instructions that matter.</summary>
public sealed class FenceProofTests
{
    private const string HasNews = "Atoll_Ipc_Atoll_Ipc_SleepProtocol__HasNews<Any>";
    private const string WakeWordAnnounce = "Atoll_Ipc_Atoll_Ipc_WakeWord__Announce<Any>";
    private const string RingSleepers = "Atoll_Ipc_Atoll_Ipc_TurnEnd__RingSleepers<Any>";
    private const string RingNow = "Atoll_Programs_Atoll_Programs_ChannelTurn__TryRingNow";
    private const string ProgramTurn = "Atoll_Services_Lib_Atoll_Services_Lib_RingChannel__EndTurn";
    private const string RingPeers = "Atoll_Ipc_Atoll_Ipc_DeathNotice__RingPeers<Any>";
    private const string Announce = "Atoll_Boot_Atoll_Boot_Supervisor__Announce";
    private const string RegistryRingPeers = "Atoll_Boot_Atoll_Boot_LinkRegistry__RingPeers";
    private const string Release = "Atoll_Boot_Atoll_Boot_LinkTable__Release";
    private const string AwaitDelivery = "Atoll_Arch_Atoll_Arch_LocalApic__AwaitDelivery";

    private static readonly byte[] s_return = [0xC3];

    [Fact]
    public void ProtocolWithItsFencesIsProved() => Assert.Empty(Findings());

    [Fact]
    public void LoadFenceIsNoFence() =>
        Misses(Findings(sleep: (a, look) => { a.mov(__[rdi], rsi); a.lfence(); a.call(look); a.ret(); }), "sleep");

    [Fact]
    public void StoreFenceIsNoFence() =>
        Misses(Findings(sleep: (a, look) => { a.mov(__[rdi], rsi); a.sfence(); a.call(look); a.ret(); }), "sleep");

    [Fact]
    public void FenceBeforeTheStoreIsNone() =>
        Misses(Findings(sleep: (a, look) => { a.mfence(); a.mov(__[rdi], rsi); a.call(look); a.ret(); }), "sleep");

    [Fact]
    public void StoreBehindTheFenceNeedsAnother() =>
        Misses(Findings(sleep: (a, look) => { a.mov(__[rdi], rsi); a.mfence(); a.mov(__[rdx], rsi); a.call(look); a.ret(); }), "sleep");

    [Fact]
    public void StoreToTheStackNeedsNone() =>
        Assert.Empty(Findings(sleep: (a, look) => { a.mov(__[rdi], rsi); a.mfence(); a.mov(__[rsp - 8], rsi); a.call(look); a.ret(); }));

    [Fact]
    public void CallBehindTheFenceMayStore() =>
        Misses(
            Findings(sleep: (a, look) =>
            {
                a.mov(__[rdi], rsi);
                a.mfence();
                a.call(look);
                a.call(look);
                a.ret();
            }),
            "sleep");

    [Fact]
    public void CalleeThatFencesLastIsAFence() =>
        Assert.Empty(Findings(announce: a => { a.mov(__[rdi], rsi); a.mfence(); a.ret(); }));

    [Fact]
    public void CalleeThatStoresBehindItsFenceIsNone() =>
        Misses(Findings(announce: a => { a.mfence(); a.mov(__[rdi], rsi); a.ret(); }), "sleep");

    [Fact]
    public void CalleeWithAPathAroundItsFenceIsNone() =>
        Misses(
            Findings(announce: a =>
            {
                Label skip = a.CreateLabel();
                a.mov(__[rdi], rsi);
                a.test(esi, esi);
                a.je(skip);
                a.mfence();
                a.Label(ref skip);
                a.ret();
            }),
            "sleep");

    [Fact]
    public void PathAroundTheFenceIsFound() =>
        Misses(
            Findings(sleep: (a, look) =>
            {
                Label skip = a.CreateLabel();
                a.mov(__[rdi], rsi);
                a.test(esi, esi);
                a.je(skip);
                a.mfence();
                a.Label(ref skip);
                a.call(look);
                a.ret();
            }),
            "sleep");

    [Fact]
    public void TurnThatFencesBehindTheLookIsFound() =>
        Misses(Findings(turn: a => { a.mov(rax, __qword_ptr[rdi]); a.test(al, 1); a.mfence(); a.ret(); }), "end of a turn");

    [Fact]
    public void TurnThatFencesNotAtFirstIsFound() => Misses(Findings(turn: a => Loop(a, fenceAt: 1)), "end of a turn");

    [Fact]
    public void TurnThatFencesOnceForAllIsProved() => Assert.Empty(Findings(turn: a => Loop(a, fenceAt: 0)));

    [Fact]
    public void ChannelThatIsRungUnfencedIsFound() =>
        Misses(Findings(channel: a => { a.mov(rax, __qword_ptr[rdi]); a.test(al, 1); a.ret(); }), "ring of a channel");

    /// <summary>RyuJIT may test the word where it lies.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void LookAtTheWordInMemoryNeedsItsFence(bool isFenced, int findings)
    {
        IReadOnlyList<Diagnostic> found = Findings(channel: a =>
        {
            a.mov(__[rdi], rsi);
            if (isFenced)
            {
                a.mfence();
            }

            a.test(__byte_ptr[rdx], 1);
            a.ret();
        });

        Assert.Equal(findings, found.Count);
    }

    /// <summary>A bit of what was computed is no look at another core's word.</summary>
    [Fact]
    public void TestOfARegisterThatWasNotLoadedIsNoLook() =>
        Assert.Empty(Findings(channel: a =>
        {
            a.mov(__[rdi], rsi);
            a.dec(eax);
            a.test(al, 1);
            a.mfence();
            a.test(__byte_ptr[rdx], 1);
            a.ret();
        }));

    /// <summary>A program has this step of the protocol and no other.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void TurnOfAProgramNeedsItsFence(bool isFenced, int findings)
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots().Code(ProgramTurn, ProofSubject.Code(a =>
        {
            a.mov(__[rdi], rsi);
            if (isFenced)
            {
                a.mfence();
            }

            a.mov(rax, __qword_ptr[rdi]);
            a.test(al, 1);
            a.ret();
        }));
        Assert.Equal(findings, Fences(builder, ProgramTurn).Count);
    }

    [Fact]
    public void DeathThatIsRungUnfencedIsFound() =>
        Misses(Findings(death: (a, bell) => { a.mov(__[rdi], rsi); a.call(bell); a.ret(); }), "own death");

    [Fact]
    public void DeathOfAnotherThatIsRungUnfencedIsFound() =>
        Misses(Findings(other: (a, bell) => { a.mov(__[rdi], rsi); a.call(bell); a.ret(); }), "death of another");

    [Fact]
    public void GoodbyeThatIsRungUnfencedIsFound() =>
        Misses(Findings(goodbye: (a, bell) => { a.call(bell); a.ret(); }), "goodbye");

    [Fact]
    public void StepThatIsGoneIsFound() =>
        Assert.Contains(
            Findings(death: (a, _) => a.ret()),
            finding => finding.Message.Contains("'own death: life word, fence, doorbells' is nowhere in the image", StringComparison.Ordinal));

    [Fact]
    public void CommandOfTheX2ApicWithBothFencesIsProved() => Assert.Empty(Command(a => { a.mfence(); a.lfence(); }));

    [Fact]
    public void CommandOfTheX2ApicWithoutLoadFenceIsFound() =>
        Assert.Contains("tells the x2APIC to send", Assert.Single(Command(a => a.mfence())).Message, StringComparison.Ordinal);

    [Fact]
    public void CommandOfTheX2ApicWithFencesTheWrongWayRoundIsFound() =>
        Assert.Single(Command(a => { a.lfence(); a.mfence(); }));

    /// <summary>Two sends, each with both fences but one: a good one does not answer for another.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void EachCommandOfTheX2ApicNeedsItsFences(bool isFirstFenced, bool isSecondFenced)
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots();
        Add(builder, "commander", "x64_write_msr", (a, stub) =>
        {
            Send(a, stub, isFirstFenced);
            Send(a, stub, isSecondFenced);
            a.ret();
        });

        Assert.Contains("tells the x2APIC to send", Assert.Single(Fences(builder, "commander")).Message, StringComparison.Ordinal);
    }

    /// <summary>A mode that is asked for twice, as RyuJIT leaves it: behind a store to the xAPIC the x2APIC's write is never reached.</summary>
    [Theory]
    [InlineData(ImageLayout.LocalApicPage + 0x310, 0)]
    [InlineData(ImageLayout.LocalApicPage - 8, 1)]
    [InlineData(ImageLayout.LocalApicPage + ImageLayout.PageSizeBytes, 1)]
    public void CommandBehindAStoreToTheXApicIsNone(ulong register, int findings)
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots();
        Add(builder, "commander", "x64_write_msr", (a, stub) =>
        {
            Label isX2Apic = a.CreateLabel();
            Label end = a.CreateLabel();
            a.cmp(__dword_ptr[rsi], 2);
            a.je(isX2Apic);
            a.mov(rdi, register);
            a.mov(__dword_ptr[rdi], eax);
            a.cmp(__dword_ptr[rsi], 2);
            a.jne(end);
            a.mov(edi, 0x830);
            a.call(stub);
            a.Label(ref end);
            a.ret();
            a.Label(ref isX2Apic);
            Send(a, stub, isFenced: true);
            a.ret();
        });

        Assert.Equal(findings, Fences(builder, "commander").Count);
    }

    [Fact]
    public void ImageWithoutTheProtocolNeedsNone() =>
        Assert.Empty(ProofSubject.Prove(LinkedImage.Of(ObjectBuilder.WithRoots()).Bytes).Findings);

    /// <summary>A loop over links that fences in one of its rounds, as RyuJIT writes it: a flag in a register.</summary>
    private static void Loop(Assembler a, int fenceAt)
    {
        Label next = a.CreateLabel();
        Label fenced = a.CreateLabel();
        a.mov(edx, fenceAt);
        a.mov(ecx, 8);
        a.Label(ref next);
        a.test(edx, edx);
        a.jne(fenced);
        a.mfence();
        a.mov(edx, 1);
        a.Label(ref fenced);
        a.mov(__byte_ptr[rdi + 0x50], 0);
        a.mov(rax, __qword_ptr[rdi]);
        a.test(al, 1);
        a.dec(ecx);
        a.jne(next);
        a.ret();
    }

    private static void Send(Assembler a, ulong stub, bool isFenced)
    {
        a.mfence();
        if (isFenced)
        {
            a.lfence();
        }

        a.mov(edi, 0x830);
        a.call(stub);
    }

    private static void Misses(IReadOnlyList<Diagnostic> findings, string step)
    {
        Diagnostic finding = Assert.Single(findings);
        Assert.Equal("ATL9064", finding.Id);
        Assert.Contains($"of the step '{step}", finding.Message, StringComparison.Ordinal);
    }

    private static void Fenced(Assembler a, ulong bell)
    {
        a.mov(__[rdi], rsi);
        a.mfence();
        a.call(bell);
        a.ret();
    }

    private static IReadOnlyList<Diagnostic> Findings(
        Action<Assembler, ulong>? sleep = null,
        Action<Assembler>? turn = null,
        Action<Assembler, ulong>? death = null,
        Action<Assembler, ulong>? other = null,
        Action<Assembler, ulong>? goodbye = null,
        Action<Assembler>? announce = null,
        Action<Assembler>? channel = null)
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots()
            .Code(HasNews, s_return).Code(RingPeers, s_return).Code(RegistryRingPeers, s_return).Code(AwaitDelivery, s_return)
            .Code(RingSleepers, ProofSubject.Code(turn ?? (a => Loop(a, fenceAt: 0))))
            .Code(RingNow, ProofSubject.Code(channel ?? (a => Loop(a, fenceAt: 0))));
        Add(builder, "Atoll_Boot_Atoll_Boot_EventLoop__RunMember", HasNews, sleep ?? Fenced);
        Add(builder, "Atoll_Boot_Atoll_Boot_InstancePanic__Die", RingPeers, death ?? Fenced);
        Add(builder, Announce, RegistryRingPeers, other ?? Fenced);
        if (announce is not null)
        {
            builder.Code(WakeWordAnnounce, ProofSubject.Code(announce));
            AddCalls(builder, "Atoll_Boot_Atoll_Boot_ProgramLoop__RunIfAny", WakeWordAnnounce, HasNews);
        }

        Add(builder, Release, AwaitDelivery, goodbye ?? Fenced);
        string[] kept = [RingSleepers, RingNow, "Atoll_Boot_Atoll_Boot_EventLoop__RunMember", "Atoll_Boot_Atoll_Boot_InstancePanic__Die", Announce, Release];
        return Fences(builder, announce is null ? kept : [.. kept, "Atoll_Boot_Atoll_Boot_ProgramLoop__RunIfAny"]);
    }

    private static IReadOnlyList<Diagnostic> Command(Action<Assembler> fences)
    {
        ObjectBuilder builder = ObjectBuilder.WithRoots();
        Add(builder, "commander", "x64_write_msr", (a, stub) =>
        {
            fences(a);
            a.mov(edi, 0x830);
            a.call(stub);
            a.ret();
        });
        return Fences(builder, "commander");
    }

    /// <summary>Adds a function that calls another: the target is a relocation.</summary>
    private static void Add(ObjectBuilder builder, string name, string callee, Action<Assembler, ulong> body)
    {
        const ulong Far = 0x1000_0000;
        byte[] code = ProofSubject.Code(a => body(a, Far));
        List<Fixup> fixups = [];
        Decoder decoder = Decoder.Create(64, code);
        while (decoder.IP < (ulong)code.Length)
        {
            Instruction instruction = decoder.Decode();
            if (instruction.Code == Iced.Intel.Code.Call_rel32_64)
            {
                fixups.Add(Fixup.Call(callee) with { Offset = instruction.IP + 1 });
                code.AsSpan((int)instruction.IP + 1, 4).Clear();
            }
        }

        builder.Code(name, code, [.. fixups]);
    }

    /// <summary>Adds a function that calls two others and returns.</summary>
    private static void AddCalls(ObjectBuilder builder, string name, string first, string second) =>
        builder.Code(
            name,
            [0xE8, 0, 0, 0, 0, 0xE8, 0, 0, 0, 0, 0xC3],
            [Fixup.Call(first) with { Offset = 1 }, Fixup.Call(second) with { Offset = 6 }]);

    /// <summary>What the property says. The functions are entered by nobody, so no other property looks at their stacks.</summary>
    private static IReadOnlyList<Diagnostic> Fences(ObjectBuilder builder, params string[] kept)
    {
        LinkedImage image = LinkedImage.Of(new Model.LinkRequest { Objects = [builder.Build()], Roots = kept });
        return [.. ProofSubject.Prove(image.Bytes).Findings];
    }
}
