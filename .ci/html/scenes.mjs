// Writes deliveries, good and bad, and reports on them as pages.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HEADER =
  'Student Id,Last Name,Middle Name,First Name,Date of Birth,Gender,District Enrollment,Grade,' +
  'Address,City,State,Zip,Race,District of Residence,County of Residence,District of Service,' +
  'Student Reporting Id,Building,Building Reporting Id,SIS Internal ID';

const student = (id, fields = {}) => {
  const row = {
    last: 'Vance', first: 'Ada', birth: '04/17/2014', gender: 'F', state: 'ENROLLED', ...fields,
  };
  return [
    id, row.last, '', row.first, row.birth, row.gender, row.state, '05', '', '', '', '', '', '', '',
    '', '', 'Elm Street Elementary', '012345', '',
  ].join(',');
};

const lines = (...all) => all.join('\n') + '\n';

// What somebody might put into a header, a cell or a name to get out of it.
export const HOSTILE = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '</style><img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '<!-- ]]> {{ 7*7 }} `x` &lt;b&gt;',
  '\u202egpj.exe\u0007\u001b[31m',
];

export const SCENES = {
  clean: { 'students.csv': lines(HEADER, student('1001'), student('1002')), COMPLETE: '' },
  one: { 'students.csv': lines(HEADER.replace('Date of Birth', 'DOB'), student('1001')), COMPLETE: '' },
  many: {
    'students.csv': lines(
      HEADER,
      student('1001', { birth: '13/31/2014' }),
      student('1001', { birth: '4/7/2014' }),
      student('1003', { gender: 'X', state: 'Active' }),
      '',
      student('1004', { last: '' }),
      student('1005') + ',one too many',
      student('10 06'),
      ...Array.from({ length: 400 }, (_, i) => student(`2${i}`, { state: 'Active' })),
    ),
    'guardians.csv': lines('Student Id,Last Name,First Name', '9999,Vance,Lou', '1001,Vance'),
    'Absences.CSV': lines('Student Id,Date', '1001,2026-01-05'),
    'notes.txt': 'hello',
  },
  hostile: {
    'students.csv': lines(
      `${HEADER},${HOSTILE.map((it) => `"${it.replaceAll('"', '""')}"`).join(',')}`,
      ...HOSTILE.map((it) => {
        const cell = `"${it.replaceAll('"', '""')}"`;
        return student(cell, { last: cell, birth: cell, gender: cell, state: cell });
      }),
    ),
    ...Object.fromEntries(HOSTILE.map((it) => [`${it.replaceAll('/', '_')}.csv`, 'x\n'])),
  },
};

/** The pages, by the names of their scenes. */
export function pages(program, root) {
  const written = {};
  for (const [name, files] of Object.entries(SCENES)) {
    const epoch = join(root, name, '20260105-020000');
    mkdirSync(epoch, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(epoch, file), text);
    for (const values of ['mask', 'show']) {
      const page = join(root, `${name}-${values}.html`);
      execFileSync(
        program,
        [`--report=html=${page}`, `--values=${values}`, '--fail-on=never', '--format=plain', '20260105-020000'],
        { cwd: join(root, name), stdio: ['ignore', 'ignore', 'inherit'] },
      );
      written[`${name}-${values}`] = page;
    }
  }
  return written;
}
