using System;
using System.Globalization;
using Parlot;
using Parlot.Fluent;

/// <summary>One line of names, numbers and quoted text, read token by token.</summary>
public static class Scenario
{
    private static readonly Scanner s_scanner = new Scanner("alpha = 12500 'it\\'s' , -3.5e2 beta 1_000_000");
    private static double s_sum;

    public static void Run()
    {
        s_scanner.Cursor.ResetPosition(0);
        while (!s_scanner.Cursor.Eof)
        {
            if (s_scanner.SkipWhiteSpaceOrNewLine() || s_scanner.ReadIdentifier(out _) || s_scanner.ReadQuotedString(out _))
            {
                continue;
            }

            if (s_scanner.ReadDecimal(NumberOptions.Any | NumberOptions.AllowUnderscore, out ReadOnlySpan<char> number))
            {
                Numbers.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value);
                s_sum += value;
            }
            else
            {
                s_scanner.Cursor.Advance();
            }
        }
    }
}
