using System;
using System.Collections.Generic;
using Atoll;

namespace Snippets;

static class Newer
{
    sealed class Account(int start)
    {
        public int Balance
        {
            get;
            set => field = value < 0 ? 0 : value;
        } = start;

        public int Start => start;

        public string Name
        {
            get => field ??= "none";
        }
    }

    struct Tally
    {
        public int Count;

        public void operator +=(int by) => Count += by;

        public void operator ++() => Count++;
    }

    static readonly Account s_account = new(5);
    static Account? s_none;
    static Tally s_tally;

    [NoGC, Clean] static void FieldKeyword() => s_account.Balance = 3;
    [NoGC, Clean] static void FieldRead() => Sink.Number = s_account.Balance;
    [NoGC, Clean] static void FieldLazily() => Sink.Text = s_account.Name;
    [NoGC, Clean] static void PrimaryParameter() => Sink.Number = s_account.Start;
    [NoGC, Clean] static void NullConditionalAssigned() => s_none?.Balance = 3;
    [NoGC, Clean] static void InstanceOperator() => s_tally += 2;
    [NoGC, Clean] static void InstanceIncrement() => s_tally++;
    [NoGC, Clean] static void ExtensionProperty() => Sink.Number = Given.Numbers.Last;
    [NoGC, Clean] static void ExtensionMethod() => Sink.Number = Given.Numbers.At(2);
    [NoGC, Clean] static void StaticExtension() => Sink.Number = int.Seven;
    [NoGC, Allocates("ATL2007")] static void ExtensionAllocates() => Sink.Array = Given.Numbers.Doubled;
    [NoGC, Clean] static void LambdaModifiers() { Parse parse = (text, out number) => int.TryParse(text, out number); Sink.Delegate = parse; }
    [NoGC, Clean] static void UnboundName() => Sink.Text = nameof(List<>);
    [NoGC, Clean] static void SpanConversion() => Sink.Number = Count(Given.Numbers);
    [NoGC, Clean] static void SpanReceiver() => Sink.Number = Given.Numbers.CountSpan();
    [NoGC, Clean] static void Escape() => Sink.Text = "\e[0m";
    [NoGC, Clean] static void ParamsSpanOfText() => Sink.Number = Lengths("a", Given.Text);
    [NoGC, Allocates("ATL2001")] static void ParamsList() => Sink.Number = Items(1, 2);
    [NoGC, Clean] static void PartialProperty() => Sink.Number = Halves.Value;

    delegate bool Parse(string text, out int number);

    static int Count(ReadOnlySpan<int> numbers) => numbers.Length;

    static int CountSpan(this ReadOnlySpan<int> numbers) => numbers.Length;

    static int Lengths(params ReadOnlySpan<string> texts) { int sum = 0; foreach (string text in texts) { sum += text.Length; } return sum; }

    static int Items(params List<int> items) => items.Count;
}

static partial class Halves
{
    public static partial int Value { get; }
}

static partial class Halves
{
    public static partial int Value => 3;
}

static class ArrayExtensions
{
    extension(int[] numbers)
    {
        public int Last => numbers[^1];

        public int[] Doubled => [.. numbers, .. numbers];

        public int At(int index) => numbers[index];
    }

    extension(int)
    {
        public static int Seven => 7;
    }
}
