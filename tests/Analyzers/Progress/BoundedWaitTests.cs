using Atoll.Analyzers.Progress;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Progress;

/// <summary>ATL0102.</summary>
public sealed class BoundedWaitTests : RuleTests<BoundedWaitAnalyzer>
{
    private const string Room =
        """
        namespace Atoll.Base { static class Check { public static void That(bool condition) { } } }
        namespace Atoll.Arch
        {
            static class Panic { public static void Halt() { } }
            static class Cpu { public static void Pause() { } public static void Halt() { } [Advances] public static ulong ReadTsc() => 0; }
            static class Port { public static byte Read8(ushort port) => 0; public static void Write8(ushort port, byte value) { } }
            static class Mmio { public static uint Read32(ulong address) => 0; }
        }

        """;

    [Theory]
    [InlineData("static void M(ref uint word) { while ({|ATL0102:Volatile.Read(ref word)|} == 0) { } }")]
    [InlineData("static void M(ref uint word) { while ({|ATL0102:Volatile.Read(ref word)|} == 0) System.Runtime.Intrinsics.X86.X86Base.Pause(); }")]
    [InlineData("static void M(ref uint word) { uint seen; do { seen = {|ATL0102:Volatile.Read(ref word)|}; } while (seen == 0); }")]
    [InlineData("static void M(ref uint word) { while (true) { if ({|ATL0102:Volatile.Read(ref word)|} != 0) break; } }")]
    [InlineData("static uint M(ref uint word) { for (;;) { uint seen = {|ATL0102:Volatile.Read(ref word)|}; if (seen != 0) return seen; } }")]
    [InlineData("static void M(ref uint word) { while (true) { if ({|ATL0102:Volatile.Read(ref word)|} == 0) { continue; } return; } }")]
    [InlineData("static void M(ref uint word) { while (true) { switch ({|ATL0102:Volatile.Read(ref word)|}) { case 1: return; default: break; } } }")]
    [InlineData("static void M(int* word) { while ({|ATL0102:*word|} == 0) { } }")]
    [InlineData("struct S { public int Ready; } static void M(S* s) { while ({|ATL0102:s->Ready|} == 0) { } }")]
    [InlineData("static void M(int* words) { while ({|ATL0102:words[3]|} == 0) { } }")]
    [InlineData("[Shared] struct S { public uint Ready; } static void M(ref S s) { while ({|ATL0102:s.Ready|} == 0) { } }")]
    [InlineData("static volatile int s_ready; static void M() { while ({|ATL0102:s_ready|} == 0) { } }")]
    [InlineData("static void M(ref int word) { while ({|ATL0102:Interlocked.Exchange(ref word, 1)|} != 0) { } }")]
    [InlineData("static bool IsSet(ref readonly uint word) => Volatile.Read(in word) != 0; static void M(ref uint word) { while (!{|ATL0102:IsSet(in word)|}) { } }")]
    [InlineData("static void M(ref uint word) { for (int i = 0; i < 100; i++) { if ({|ATL0102:Volatile.Read(ref word)|} != 0) return; } }")]
    [InlineData("static void M(ref uint word) { int i = 0; while ({|ATL0102:Volatile.Read(ref word)|} == 0 || i < 9) { i++; System.Runtime.Intrinsics.X86.X86Base.Pause(); } }")]
    [InlineData("struct Link { uint* _ready; bool IsReady() => Volatile.Read(ref *_ready) != 0; public void Wait() { while (!{|ATL0102:IsReady()|}) { } } }")]
    [InlineData("struct Link { uint* _ready; uint _x, _y; bool IsReady() { (uint a, _) = (1u, 2u); return Volatile.Read(ref *_ready) == a; } public void Wait() { while (!{|ATL0102:IsReady()|}) { } } }")]
    [InlineData("class N { static void M(ref uint word) { while ({|ATL0102:Volatile.Read(ref word)|} == 0) { } } }")]
    public Task Reports(string members) => ReportsAsync(members);

    [Theory]
    [InlineData("static void M() { while (({|ATL0102:Port.Read8(0x64)|} & 2) != 0) Cpu.Pause(); }")]
    [InlineData("struct Uart { ushort _port; void Note() { } void Send() { while (({|ATL0102:Port.Read8(_port)|} & 0x20) == 0) { Note(); Cpu.Pause(); } } }")]
    [InlineData("static uint Read(uint register) => Mmio.Read32(0xFEE0_0000 + register); static void M() { while (({|ATL0102:Read(0x300)|} & 0x1000) != 0) Cpu.Pause(); }")]
    [InlineData("static void M(Action<byte> take) { while (({|ATL0102:Port.Read8(0x64)|} & 1) != 0) take(Port.Read8(0x60)); }")]
    [InlineData("static void M(ref uint word, ulong end) { while ({|ATL0102:Volatile.Read(ref word)|} == 0 && Cpu.ReadTsc() < end) { } }")]
    [InlineData("static void M(ref uint word, ulong end) { while ({|ATL0102:Volatile.Read(ref word)|} == 0 || Cpu.ReadTsc() < end) Cpu.Pause(); }")]
    [InlineData("static void M(bool b) { while (({|ATL0102:Port.Read8(0x64)|} & 2) != 0) { Atoll.Base.Check.That(b); Cpu.Pause(); } }")]
    public Task ReportsInRoom(string members) => ReportsFileAsync(File(members), TestPlatform.DotNet);

    [Theory]
    [InlineData("static void M(ref uint word, ulong end) { while (Volatile.Read(ref word) == 0 && Cpu.ReadTsc() < end) Cpu.Pause(); }")]
    [InlineData("static void M(ref uint word) { for (int i = 0; i < 100; i++) { if (Volatile.Read(ref word) != 0) return; Cpu.Pause(); } }")]
    [InlineData("static void M(ref uint word) { int left = 9; while (true) { if (Volatile.Read(ref word) != 0) return; if (--left == 0) return; Cpu.Pause(); } }")]
    [InlineData("[Blocks] static void Sleep() { } static void M(ref uint word, ulong end) { while (Volatile.Read(ref word) == 0 && Cpu.ReadTsc() < end) Sleep(); }")]
    [InlineData("static void Rest() => Cpu.Pause(); static void M(ref uint word, ulong end) { while (Volatile.Read(ref word) == 0 && Cpu.ReadTsc() < end) Rest(); }")]
    [InlineData("static void M() { for (int i = 0; (Port.Read8(0x64) & 2) != 0; i++) { if (i == 99) Panic.Halt(); Cpu.Pause(); } }")]
    [InlineData("static void M() { for (int i = 0; (Port.Read8(0x64) & 2) != 0; i++) { Atoll.Base.Check.That(i < 99); Cpu.Pause(); } }")]
    [InlineData("static int M(ref uint magic) { int sum = 0; for (int i = 0; i < 9; i++) { Atoll.Base.Check.That(Volatile.Read(ref magic) == 7); sum += i; } return sum; }")]
    [InlineData("static void M(ulong end) { while (Cpu.ReadTsc() < end) { } }")]
    [InlineData("static void M() { while (true) Cpu.Halt(); }")]
    [InlineData("static void M(byte[] text) { for (int i = 0; i < text.Length && (Port.Read8(5) & 1) != 0; i++) Port.Write8(0, text[i]); }")]
    [InlineData("struct Uart { ushort _port; void Next() => _port++; void Find() { while ((Port.Read8(_port) & 0x20) == 0) { Next(); Cpu.Pause(); } } }")]
    [InlineData("struct Uart { ushort _port, _other; void Swap() => (_port, _other) = (_other, _port); void Find() { while ((Port.Read8(_port) & 0x20) == 0) { Swap(); Cpu.Pause(); } } }")]
    [InlineData("struct Uart { ushort _port; delegate*<ref ushort, void> _next; void Next() => _next(ref _port); void Find() { while ((Port.Read8(_port) & 0x20) == 0) { Next(); Cpu.Pause(); } } }")]
    [InlineData("[Trusted(Safety = \"The firmware answers.\")] static void M() { while (Port.Read8(0x64) != 0) { } }")]
    public Task IsSilentInRoom(string members) => IsSilentFileAsync(File(members), TestPlatform.DotNet);

    [Theory]
    [InlineData("static int M(uint[] words) { for (int i = 0; i < words.Length; i++) { if (Volatile.Read(ref words[i]) != 0) return i; } return -1; }")]
    [InlineData("static uint M(ref uint count) { uint sum = 0; for (uint i = 0; i < Volatile.Read(ref count); i++) sum += i; return sum; }")]
    [InlineData("struct S { public int Count; } static int M(S* s) { int sum = 0; for (int i = 0; i < s->Count; i++) sum += i; return sum; }")]
    [InlineData("struct N { public N* Next; } static void M(N* n) { while (n->Next != null) n = n->Next; }")]
    [InlineData("static void Take(ref uint head) => head++; static void M(ref uint head, ref uint tail) { while (Volatile.Read(ref head) != Volatile.Read(ref tail)) Take(ref head); }")]
    [InlineData("struct Link { uint* _ready; bool Step() { _ready++; return Volatile.Read(ref *_ready) != 0; } public void Find() { while (!Step()) { } } }")]
    [InlineData("static void M(uint* left) { while (*left != 0) *left -= 1; }")]
    [InlineData("static void M(ref uint ready, ref uint beats) { while (Volatile.Read(ref ready) == 0) Volatile.Write(ref beats, 1); }")]
    [InlineData("static void M(int n) { while (n > 0) n /= 2; }")]
    [InlineData("static void M(bool go) { while (go) { } }")]
    [InlineData("static uint M(ref uint word) { while (true) { if (Volatile.Read(ref word) == 0) { continue; } Volatile.Write(ref word, 0); } }")]
    [InlineData("static void M(ref uint word) { uint old = 0; for (int i = 0; i < 4; i++) old = Volatile.Read(ref word); }")]
    [InlineData("[Shared] struct S { public uint Ready; } static void M(S own) { while (own.Ready == 0) own.Ready++; }")]
    public Task IsSilent(string members) => IsSilentAsync(members);

    private static string File(string members) => $"using Atoll.Arch;\n{Room}static unsafe class C\n{{\n{members}\n}}\n";
}
