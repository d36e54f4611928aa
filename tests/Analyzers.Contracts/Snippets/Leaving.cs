using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Atoll;

namespace Snippets;

static class Leaving
{
    [NoGC, Clean] static void ThrowNotTaken() { if (Given.Rarely) { throw new InvalidOperationException($"no {Given.Number}"); } Sink.Number++; }
    [NoGC, Clean] static void ThrowExpression() => Sink.Text = Given.Text ?? throw new ArgumentNullException(nameof(Given));
    [NoGC, Clean] static void ThrowWithText() { if (Given.Rarely) { string text = "a" + Given.Number; throw new InvalidOperationException(text); } }
    [NoGC, Clean] static void ThrowHelper() { if (Given.Rarely) { Fail(); } Sink.Number++; }
    [NoGC, Clean] static void ThrowHelperWithText() { if (Given.Rarely) { FailWith("a" + Given.Number); } Sink.Number++; }
    [NoGC, Clean] static void ThrowInSwitch() => Sink.Number = Given.Color switch { Color.Red => 1, Color.Green => 2, _ => throw new InvalidOperationException() };
    [NoGC, Clean] static void GuardedByBcl() => ArgumentNullException.ThrowIfNull(Given.Text);
    [NoGC, Clean] static void GuardedRange() => ArgumentOutOfRangeException.ThrowIfNegative(Given.Number);
    [NoGC, NotKnown] static void Caught() { try { Sink.Number++; } catch (InvalidOperationException) { Sink.Number = 0; } }
    [NoGC, Allocates("ATL2001", "ATL2901")] static void ThrownAndCaught() { try { throw new InvalidOperationException(); } catch (InvalidOperationException) { Sink.Number = 0; } }
    [NoGC, NotKnown] static void ThrownBelowAndCaught() { try { Fail(); } catch (InvalidOperationException) { Sink.Number = 0; } }
    [NoGC, Clean] static void Finally() { try { Sink.Number++; } finally { Sink.Number--; } }
    [NoGC, Clean] static void AssertLeftOut() => Debug.Assert(Given.Number > 0, "n" + Given.Number);
    [NoGC, Clean] static void OwnConditional() => Trace2("n" + Given.Number);
    [NoGC, Clean] static void PartialLeftOut() => Optional.Call();
    [NoGC, Clean] static void PatternOfNameof() => Sink.Flag = Given.Text == nameof(Given.Numbers);

    [Conditional("NEVER_DEFINED")] static void Trace2(string text) => Sink.Text = text;

    [DoesNotReturn] static void Fail() => throw new InvalidOperationException("a" + Given.Number);

    [DoesNotReturn] static void FailWith(string text) => throw new InvalidOperationException(text);
}

static partial class Optional
{
    static partial void Hook(object value);

    [NoGC] public static void Call() => Hook(Given.Number);
}
